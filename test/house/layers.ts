/** The house's floors: which folder of `src/` may import which (the table in ARCHITECTURE.md, checked by layers.test.ts). */
export interface Layer {
  readonly imports: readonly string[];
  readonly packages: readonly string[];
}

/** From the cellar up: each of these may import every one before it. */
const STAIRCASE = [
  'protocol',
  'config',
  'kernel',
  'rpc',
  'storage',
  'coordinator',
  'broker',
  'client',
  'cluster',
  'checker',
  'tools',
  'scenario',
  'gateway',
] as const;

function below(floor: (typeof STAIRCASE)[number]): readonly string[] {
  return STAIRCASE.slice(0, STAIRCASE.indexOf(floor));
}

export const LAYERS: Readonly<Record<string, Layer>> = {
  protocol: { imports: [], packages: [] },
  config: { imports: [], packages: [] },
  kernel: { imports: [], packages: [] },
  rpc: { imports: ['protocol', 'kernel'], packages: [] },
  storage: { imports: ['protocol', 'config', 'kernel'], packages: [] },
  coordinator: { imports: below('coordinator'), packages: [] },
  broker: { imports: below('broker'), packages: [] },
  client: { imports: ['protocol', 'config', 'kernel', 'rpc'], packages: [] },
  cluster: { imports: below('cluster'), packages: ['zod'] },
  checker: { imports: below('checker'), packages: [] },
  tools: { imports: below('tools'), packages: ['zod'] },
  scenario: { imports: below('scenario'), packages: ['zod', 'yaml'] },
  gateway: { imports: below('gateway'), packages: ['zod', 'yaml', 'fflate', '@bokuweb/zstd-wasm', 'node:*'] },
  library: { imports: STAIRCASE, packages: ['node:*', 'vitest'] },
  cli: { imports: STAIRCASE, packages: ['*'] },
};

/** Folders that live inside the world: no wall clock, no chance but the seed's, nothing asynchronous. */
export const WORLD: readonly string[] = below('gateway');
