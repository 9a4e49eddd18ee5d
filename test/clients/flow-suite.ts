/** Makes tests of the flow: one for each step, over one cluster and one client. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Mode } from '../../src/cluster/options.ts';
import type { PeerDriver } from './driver.ts';
import { FLOW } from './flow.ts';
import { startTarget, type Target } from './target.ts';

const STEP_LIMIT_MS = 240_000;

export function flowSuite(
  client: string,
  mode: Mode,
  install: () => (bootstrapServers: readonly string[]) => PeerDriver,
): void {
  describe(`${client}, ${mode}`, () => {
    let target: Target;
    let driver: PeerDriver;
    beforeAll(async () => {
      const makeDriver = install();
      target = await startTarget(mode);
      driver = makeDriver(target.bootstrapServers);
    }, STEP_LIMIT_MS);
    afterAll(async () => {
      await driver?.close();
      await target?.close();
    }, STEP_LIMIT_MS);
    for (const step of FLOW) {
      test(step.name, { timeout: STEP_LIMIT_MS }, async ({ skip }) => {
        const reason = step.missing(driver);
        skip(reason !== undefined, reason);
        await step.run(driver, target);
      });
    }
  });
}
