import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests with real clients and processes wait for most of their time: begun first, they wait while the others compute. */
const WAITING = ['/test/clients/', '/test/gateway/', '/test/cli/', '/test/library/'];

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification): boolean => WAITING.some((folder) => moduleId.includes(folder));
    const sorted = await super.sort(files);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Clusters of tests do not mix with those that their user keeps running.
    env: { FORCE_COLOR: '0', TZ: 'UTC', KZSIM_RUNTIME_DIR: join(tmpdir(), `kzsim-tests-${process.pid}`) },
    testTimeout: 60_000,
    // Nothing in the sources is kept in modules, and loading them anew for each file took a quarter of the time.
    isolate: false,
    sequence: { sequencer: WaitingFirst },
    // More workers than cores, since so many tests wait.
    maxWorkers: 4,
  },
});
