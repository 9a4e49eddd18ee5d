// Bundles the command line (with lazy chunks: Ink loads only where a dashboard is shown) and the library, with its fixture for vitest, into dist/.
import { renameSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

// Beside the old bundle, so that a command that is running keeps its chunks as long as possible.
const fresh = `dist-${process.pid}`;
await build({
  entryPoints: { kzsim: 'src/cli/main.ts', index: 'src/index.ts', vitest: 'src/library/vitest.ts' },
  outdir: fresh,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  jsx: 'automatic',
  external: ['vitest'],
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  alias: { 'react-devtools-core': './bin/no-devtools.js' },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
rmSync('dist', { recursive: true, force: true });
renameSync(fresh, 'dist');
