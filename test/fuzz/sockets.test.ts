import { afterAll, expect, test } from 'vitest';
import { apis } from '../../src/protocol/apis/index.ts';
import { closeAll, portOf, RawClient, startLive, topic } from '../gateway/harness.ts';
import { mutated, Random } from './mutate.ts';
import { targets } from './targets.ts';

afterAll(closeAll);

/** A request whose header is right and whose body is damaged, behind its length. */
function damaged(random: Random): Buffer {
  const api = random.pick(apis);
  const range = api.offered['4.2'] ?? api.versions;
  const version = range.min + random.below(range.max - range.min + 1);
  const target = targets.find(({ name }) => name === `${api.name}Request v${version}`)!;
  const body = mutated(random.pick(target.seeds()), random);
  const head = Buffer.alloc(14 + (version >= api.firstFlexible ? 1 : 0));
  head.writeInt32BE(head.length - 4 + body.length, 0);
  head.writeInt16BE(api.key, 4);
  head.writeInt16BE(version, 6);
  head.writeInt32BE(random.below(1000), 8);
  head.writeInt16BE(-1, 12);
  return Buffer.concat([head, body]);
}

test('sockets that send nonsense are closed with a reason, and the cluster goes on', async () => {
  const live = await startLive({ topics: [topic('orders')] });
  const reasons: string[] = [];
  live.cluster.trace.subscribe('all', ({ kind, values }) => {
    if (kind.name === 'request-rejected') reasons.push(String(values[4]));
  });
  const random = new Random(5);
  let client = await new RawClient(portOf(live, 1)).connected();
  let opened = 1;
  for (let i = 0; i < 400; i++) {
    if (client.ended !== 'open' || random.below(25) === 0) {
      client.socket.destroy();
      client = await new RawClient(portOf(live, 1 + random.below(3))).connected();
      opened++;
    }
    client.socket.write(damaged(random));
    if (i % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  client.socket.destroy();
  expect(opened).toBeGreaterThan(10);
  const { ok } = await live.execute('produce orders --value still-here');
  expect(ok).toBe(true);
  expect(reasons.length).toBeGreaterThan(5);
  expect(reasons.filter((reason) => reason === '')).toEqual([]);
});
