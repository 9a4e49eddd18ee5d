/** Feeds damaged and confused requests to the brokers of a running cluster, as frames of real clients. */
import { listenerPort } from '../../src/broker/listeners.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import type { OutsideConnection } from '../../src/cluster/outside.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { requestHeaderVersion } from '../../src/protocol/api.ts';
import { apis } from '../../src/protocol/apis/index.ts';
import { requestHeaderCodec } from '../../src/protocol/header.ts';
import type { Api, Release } from '../../src/protocol/schema.ts';
import { Writer } from '../../src/protocol/writer.ts';
import { likely, type Pool } from './likely.ts';
import { mutated, Random } from './mutate.ts';

/** What only brokers and controllers send each other is believed as Kafka believes it: a client that sends it ends the cluster. */
const OF_THE_CLUSTER = [4, 5, 6, 7, 27, 52, 53, 54, 56, 57, 58, 59, 62, 63, 64, 67, 70, 73, 80, 81, 82];
/** The world goes on for so long between two frames, in microseconds. */
const STEP_US = 2000;

export interface WorldFuzz {
  readonly frames: number;
  readonly answered: number;
  /** Connections that a broker closed, and the reasons that the trace gives, by number. */
  readonly closed: number;
  readonly reasons: ReadonlyMap<string, number>;
  readonly cluster: Cluster;
}

export function bootFuzzed(mode: Mode, seed: number): Cluster {
  const cluster = new Cluster(
    {
      ...defaultClusterOptions(mode, seed),
      timers: 'fast',
      outside: true,
      topics: ['orders', 'steady'].map((name) => {
        return { name, partitions: 3, replicationFactor: 3, assignment: undefined, config: {} };
      }),
    },
    hostPorts,
  );
  cluster.boot();
  // Whose records go on while the others send nonsense, and a member of the group that they join.
  const own = { members: 1, config: {}, start: true };
  const role = {
    kind: 'produce',
    topic: 'steady',
    rate: { count: 50, perUs: 1_000_000 },
    keys: null,
    valueSize: 20,
  } as const;
  cluster.addClient({ ...own, name: 'web', role });
  const reading = { group: 'group', processUs: 0, commit: 'auto' } as const;
  cluster.addClient({ ...own, name: 'billing', role: { kind: 'consume', topics: ['steady'], reading } });
  cluster.startClients();
  return cluster;
}

export function fuzzWorld(cluster: Cluster, count: number, seed: number, onFrame: (hex: string) => void): WorldFuzz {
  const random = new Random(seed);
  const release = cluster.mode === 'kraft' ? '4.2' : '3.9';
  const topicIds = [cluster.model.authority.topics.get('orders')!.id];
  const pool: Pool = {
    names: ['orders', 'orders', 'orders', 'group', '', 'consumer', 'range', 'cluster', '1', 'User:a'],
    topicIds,
  };
  const asked = apis.filter(
    ({ key, listeners }) => !OF_THE_CLUSTER.includes(key) && listeners.some((each) => each !== 'controller'),
  );
  const reasons = new Map<string, number>();
  let answered = 0;
  let closed = 0;
  const stop = cluster.trace.subscribe('all', ({ kind, values }) => {
    if (kind.name !== 'request-rejected') return;
    const reason = String(values[4]).replace(/\d+/g, 'N');
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  });
  const connections: (OutsideConnection | undefined)[] = [undefined, undefined, undefined];
  for (let i = 0; i < count; i++) {
    const broker = 1 + random.below(3);
    const at = broker - 1;
    let connection = connections[at];
    // One that hangs in a long poll or a join is left, and another is taken.
    if (connection === undefined || random.below(20) === 0) {
      connection?.abort();
      connection = cluster.outside!.open(`broker-${broker}`, listenerPort('PLAINTEXT'), {
        onResponse: () => void answered++,
        onTaken: () => {},
        onEnd: () => {
          closed++;
          if (connections[at] === connection) connections[at] = undefined;
        },
      });
      connections[at] = connection;
    }
    const frame = frameOf(random.pick(asked), release, random, pool);
    onFrame(`broker-${broker} ${Buffer.from(frame).toString('hex')}`);
    connection.send(frame);
    cluster.world.runUntil(cluster.world.nowUs + STEP_US);
  }
  stop();
  return { frames: count, answered, closed, reasons, cluster };
}

function frameOf(api: Api, release: Release, random: Random, pool: Pool): Uint8Array {
  const { min, max } = random.below(10) === 0 ? api.versions : (api.offered[release] ?? api.versions);
  const version = min + random.below(max - min + 1);
  const writer = new Writer(256);
  const header = {
    requestApiKey: api.key,
    requestApiVersion: version,
    correlationId: random.below(1000),
    clientId: 'fuzz',
  };
  requestHeaderCodec(requestHeaderVersion(api, version)).write(writer, header);
  const headerSize = writer.position;
  api.requestCodec(version).write(writer, likely(api.request, version, random, pool));
  const frame = writer.written().slice();
  if (random.below(3) > 0) return frame;
  if (random.below(8) === 0) return mutated(frame, random);
  const body = mutated(frame.subarray(headerSize), random);
  const damaged = new Uint8Array(headerSize + body.length);
  damaged.set(frame.subarray(0, headerSize));
  damaged.set(body, headerSize);
  return damaged;
}
