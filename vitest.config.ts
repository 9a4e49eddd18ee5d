import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Clusters of tests do not mix with those that their user keeps running.
    env: { FORCE_COLOR: '0', TZ: 'UTC', KZSIM_RUNTIME_DIR: join(tmpdir(), `kzsim-tests-${process.pid}`) },
    testTimeout: 60_000,
    // Tests with real clients mostly wait: more workers than cores.
    maxWorkers: 4,
  },
});
