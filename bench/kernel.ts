import { createHash } from 'node:crypto';
import { type Connection, type ConnectionHandler, type Context, defineEvents, type World } from '../src/kernel/api.ts';
import { createWorld } from '../src/kernel/world.ts';
import { type BareEvent, BareHeap } from './bare-heap.ts';
import { bestRates, elapsedNs, type Figure } from './figure.ts';

export const name = 'kernel';

const ROUNDS = 12;
const OPERATIONS = 1_000_000;
const TRACE_EVENTS = 1_000_000;

/** Delays as a cluster has them: mostly the network's, some of the order of a poll, a few time-outs. */
const delays = mixedDelays(1 << 14);
const DELAY_MASK = delays.length - 1;

export function run(): readonly Figure[] {
  const rates = bestRates(ROUNDS, {
    heap1k: bareHeap(1_000),
    heap100k: bareHeap(100_000),
    timers1k: timers(1_000),
    timers100k: timers(100_000),
    messages1k: messages(1_000),
    messages100k: messages(100_000),
    trace: traceEvents(),
  });
  const millions = (rate: number) => `${(rate / 1e6).toFixed(1)} M/s`;
  return [
    figure('timers, 1,000 pending ÷ bare heap', rates.timers1k / rates.heap1k, 0.6, 0.8, millions(rates.timers1k)),
    figure(
      'messages, 1,000 pending ÷ bare heap',
      rates.messages1k / rates.heap1k,
      0.6,
      0.8,
      millions(rates.messages1k),
    ),
    figure('timers, 100,000 pending ÷ 1,000', rates.timers100k / rates.timers1k, 0.6, 0.8, millions(rates.timers100k)),
    figure(
      'messages, 100,000 pending ÷ 1,000',
      rates.messages100k / rates.messages1k,
      0.6,
      0.8,
      millions(rates.messages100k),
    ),
    {
      name: 'trace event without listeners',
      value: 1e9 / rates.trace,
      unit: 'ns',
      floor: 200,
      goal: 150,
      less: true,
      note: `bare heap ${millions(rates.heap1k)}, ${millions(rates.heap100k)} at 100,000`,
    },
  ];
}

function figure(of: string, value: number, floor: number, goal: number, note: string): Figure {
  return { name: of, value, unit: 'ratio', floor, goal, note };
}

function bareHeap(pending: number) {
  const heap = new BareHeap();
  let draw = 0;
  const again = (event: BareEvent): void => {
    draw = (draw + 1) & DELAY_MASK;
    heap.push(event, heap.now + delays[draw]!);
  };
  for (let index = 0; index < pending; index++) again({ time: 0, sequence: 0, handler: again });
  return () => ({ operations: OPERATIONS, elapsedNs: elapsedNs(() => heap.run(OPERATIONS)) });
}

function timers(pending: number) {
  const world = newWorld();
  let draw = 0;
  world.addNode({ name: 'a' }).start((context) => {
    const again = (to: Context): void => {
      draw = (draw + 1) & DELAY_MASK;
      to.after(delays[draw]!, again, to);
    };
    for (let index = 0; index < pending; index++) again(context);
    return {};
  });
  return () => timed(world);
}

/** Messages that bounce between pairs of nodes; each connection has up to a hundred on the way. */
function messages(pending: number) {
  const world = newWorld();
  const perConnection = Math.max(1, pending / 1_000);
  const bounce: ConnectionHandler = {
    onMessage: (connection: Connection, message: unknown) => connection.send(message),
    onClose: () => {},
  };
  const nodes = Array.from({ length: 20 }, (_, index) => world.addNode({ name: `n${index}` }));
  for (const node of nodes) {
    node.start((context) => {
      context.listen('bounce', bounce);
      return {};
    });
  }
  const source = world.addNode({ name: 'source' });
  source.start((context) => {
    for (let index = 0; index < pending / perConnection; index++) {
      const connection = context.connect(`n${index % nodes.length}`, 'bounce', bounce);
      for (let message = 0; message < perConnection; message++) connection.send(message);
    }
    return {};
  });
  world.runUntil(10_000);
  return () => timed(world);
}

function traceEvents() {
  const { 'thing-happened': kind } = defineEvents({
    'thing-happened': { fields: ['api', 'version', 'correlation', 'from'], level: 'message', about: 'For the bench.' },
  });
  const world = newWorld();
  let correlation = 0;
  return () => ({
    operations: TRACE_EVENTS,
    elapsedNs: elapsedNs(() => {
      for (let index = 0; index < TRACE_EVENTS; index++) world.emit(kind, ['Fetch', 12, correlation++, 'b1']);
    }),
  });
}

function timed(world: World) {
  return {
    operations: OPERATIONS,
    elapsedNs: elapsedNs(() => {
      if (world.runSlice(Number.POSITIVE_INFINITY, OPERATIONS) !== OPERATIONS)
        throw new Error('the world came to rest');
    }),
  };
}

function newWorld(): World {
  return createWorld({ seed: 1, digest: sha256, latencyUs: 500, jitterUs: 200 });
}

function sha256() {
  const hash = createHash('sha256');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

function mixedDelays(count: number): Uint32Array {
  const drawn = new Uint32Array(count);
  let state = 12345;
  for (let index = 0; index < count; index++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const share = (state >>> 16) % 100;
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const random = state >>> 8;
    drawn[index] = share < 80 ? 500 + (random % 200) : share < 98 ? random % 100_000 : random % 30_000_000;
  }
  return drawn;
}
