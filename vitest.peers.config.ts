import { defineConfig } from 'vitest/config';

/** `npm run test:peers`: real clients of other languages, which are installed outside of this folder. */
export default defineConfig({
  test: {
    include: ['test/peers/*.peer.ts', 'test/clients/*.test.ts'],
    env: { FORCE_COLOR: '0', TZ: 'UTC' },
    testTimeout: 120_000,
    maxWorkers: 1,
    reporters: ['default', './test/peers/results-reporter.ts'],
  },
});
