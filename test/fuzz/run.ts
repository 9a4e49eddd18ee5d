/** `npm run fuzz -- --count 1000000 [--seed 1] [--world 20000]`: the long run of what `npm test` does in short. */
import { argv, exit, memoryUsage, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { fuzzDecoders, isSlow } from './decoders.ts';
import { bootFuzzed, fuzzWorld } from './world.ts';

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    world: { type: 'string', default: '10000' },
  },
});
const seed = Number(values.seed);

function say(line: string): void {
  stdout.write(`${line}\n`);
}

function memory(): string {
  return `${memoryUsage().rss >> 20} MiB`;
}

const result = fuzzDecoders(Number(values.count), seed);
const { frames, returned, malformed, failures, slowestMs, slowest } = result;
say(`decoders: ${frames} frames, seed ${seed}: ${returned} read, ${malformed} malformed, ${failures.length} failures`);
say(`the slowest took ${slowestMs.toFixed(0)} ms: ${slowest.slice(0, 200)}; memory ${memory()}`);
for (const { target, hex, what } of failures) say(`FAILED ${target} ${hex}\n  ${what}`);

let broken = failures.length > 0 || isSlow(result);
for (const mode of ['kraft', 'zookeeper'] as const) {
  let last = '';
  try {
    const {
      frames: sent,
      answered,
      closed,
      cluster,
    } = fuzzWorld(bootFuzzed(mode, 1), Number(values.world), seed, (frame) => {
      last = frame;
    });
    const down = [...cluster.nodes.values()].filter(({ control }) => control.state !== 'running');
    say(
      `${mode}: ${sent} requests: ${answered} answered, ${closed} connections closed, ${down.length} nodes down; memory ${memory()}`,
    );
    broken ||= down.length > 0;
  } catch (thrown) {
    say(`FAILED ${mode}, after ${last}\n  ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
    broken = true;
  }
}
exit(broken ? 1 : 0);
