import { createHash } from 'node:crypto';
import type { Context } from '../src/kernel/api.ts';
import { createWorld } from '../src/kernel/world.ts';
import { Heartbeat } from '../src/protocol/apis/12-heartbeat.ts';
import type { RpcChannel, RpcService, ServerRequest } from '../src/rpc/api.ts';
import { openChannel } from '../src/rpc/channel.ts';
import { serve } from '../src/rpc/server.ts';
import { BareHeap } from './bare-heap.ts';
import { bestRates, elapsedNs, type Figure } from './figure.ts';

export const name = 'rpc';

const ROUNDS = 5;
const CLIENTS = 300;
/** Virtual time of one round: some hundred thousand requests. */
const SPAN_US = 1_000_000;
const HEAP_OPERATIONS = 1_000_000;

export function run(): readonly Figure[] {
  const rates = bestRates(ROUNDS, { heap: bareHeap(), values: pingPong(false), encoded: pingPong(true) });
  const thousands = (rate: number) => `${Math.round(rate / 1000)} k/s`;
  return [
    figure('requests and responses ÷ bare heap', rates.values / rates.heap, 0.08, 0.12, thousands(rates.values)),
    figure('the same, encoded ÷ as values', rates.encoded / rates.values, 0.12, 0.3, thousands(rates.encoded)),
  ];
}

function figure(of: string, value: number, floor: number, goal: number, note: string): Figure {
  return { name: of, value, unit: 'ratio', floor, goal, note };
}

/** Clients that ask again as soon as they have their answer. */
function pingPong(encode: boolean) {
  const world = createWorld({ seed: 1, digest: sha256, latencyUs: 500, jitterUs: 200 });
  const settings = { encode, interceptors: [] };
  const answer = Heartbeat.response.make();
  const service: RpcService = {
    versionsOf: () => Heartbeat.versions,
    handle: (request: ServerRequest) => request.respond(answer),
  };
  world.addNode({ name: 'b1' }).start((context) => {
    serve(context, 'kafka', service, settings);
    return {};
  });
  let answered = 0;
  const body = Heartbeat.request.make({ groupId: 'group', memberId: 'member' });
  const again = (channel: RpcChannel): void => {
    answered += 1;
    channel.send(Heartbeat, 4, body, again, channel);
  };
  world.addNode({ name: 'c1' }).start((context: Context) => {
    for (let client = 0; client < CLIENTS; client++) {
      again(openChannel(context, 'b1', 'kafka', { clientId: 'bench', requestTimeoutMs: 30_000 }, settings));
    }
    return {};
  });
  world.runUntil(10_000);
  return () => {
    const before = answered;
    const elapsed = elapsedNs(() => world.runUntil(world.nowUs + SPAN_US));
    return { operations: answered - before, elapsedNs: elapsed };
  };
}

function bareHeap() {
  const heap = new BareHeap();
  const again = (event: Parameters<BareHeap['push']>[0]): void =>
    heap.push(event, heap.now + 500 + (event.sequence % 200));
  for (let index = 0; index < 1_000; index++) heap.push({ time: 0, sequence: 0, handler: again }, index);
  return () => ({ operations: HEAP_OPERATIONS, elapsedNs: elapsedNs(() => heap.run(HEAP_OPERATIONS)) });
}

function sha256() {
  const hash = createHash('sha256');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), hex: () => hash.digest('hex') };
}
