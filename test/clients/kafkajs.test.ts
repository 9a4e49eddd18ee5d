import { flowSuite } from './flow-suite.ts';
import { kafkajsDriver } from './kafkajs-driver.ts';

for (const mode of ['kraft', 'zookeeper'] as const) flowSuite('kafkajs 2.2.4', mode, () => kafkajsDriver);
