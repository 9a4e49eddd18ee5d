/** Diagrams of a live cluster: of moments whose messages are not kept any more, too, while it lives on. */
import { afterEach, expect, test } from 'vitest';
import type { Diagram } from '../../src/tools/diagram/diagram.ts';
import { Lookout } from '../../src/tools/diagram/lookout.ts';
import { readDiagramOptions } from '../../src/tools/diagram/options.ts';
import { closeAll, portOf, RawClient, run, startLive, topic, until } from './harness.ts';

afterEach(closeAll);

test('what is not kept any more is executed again beside it; a real client is seen, and stays', async () => {
  const live = await startLive({ mode: 'kraft', topics: [topic('orders')] });
  const client = await new RawClient(portOf(live, 1)).connected();
  client.askVersions();
  await until('an answer', () => client.answers.length > 0);
  const asked = 'diagram outside broker-1 --around 0s --span 1s --width 80 --all';
  const before = await run(live, asked);
  expect(before.join('\n')).toMatch(/ApiVersions/);
  // From here on few are kept, and they have been too many already.
  const { cluster, session } = live;
  Object.assign(session, { lookout: new Lookout(cluster, 1) });
  const { messages } = session.lookout;
  await until('many messages', () => messages.count > 2);
  expect(messages.sinceUs).toBeGreaterThan(0);
  const again = await run(live, asked);
  const said = (lines: readonly string[]) => lines.filter((line) => line.includes('ApiVersions'));
  expect(said(again)).toEqual(said(before));
  expect(live.cluster).toBe(cluster);
  expect(client.socket.destroyed).toBe(false);
  const drawn = await new Promise<Diagram | string>((resolve) =>
    live.draw(readDiagramOptions(['outside', 'broker-1', '--around', '0s', '--span', '1s']), resolve),
  );
  expect(drawn).toMatchObject({ lanes: [{ name: 'outside' }, { name: 'broker-1' }] });
});
