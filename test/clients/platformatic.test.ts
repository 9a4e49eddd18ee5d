import { flowSuite } from './flow-suite.ts';
import { platformaticDriver } from './platformatic-driver.ts';

for (const mode of ['kraft', 'zookeeper'] as const)
  flowSuite('@platformatic/kafka 1.35.0', mode, () => platformaticDriver);
