/** What the fault is in the world is what a client's socket sees. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { brokersNumbered } from '../../src/cluster/options.ts';
import { ListenError } from '../../src/gateway/broker-port.ts';
import { closeAll, portOf, RawClient, run, startLive, until } from './harness.ts';

afterEach(closeAll);

/** How many ports this process listens to, and how many sockets it has: ends of other tests' clients may be among them, and go. */
function activeResources(): { readonly servers: number; readonly sockets: number } {
  const all = process.getActiveResourcesInfo();
  const count = (wanted: string) => all.filter((name) => name === wanted).length;
  return { servers: count('TCPServerWrap'), sockets: count('TCPSocketWrap') };
}

async function client(port: number): Promise<RawClient> {
  const raw = await new RawClient(port).connected();
  raw.askVersions();
  await until('an answer', () => raw.answers.length === 1);
  return raw;
}

describe('a listener', () => {
  test('answers pipelined requests in their order, by IPv4 and by localhost', async () => {
    const live = await startLive();
    for (const host of ['127.0.0.1', 'localhost']) {
      const raw = await new RawClient(portOf(live, 2), host).connected();
      for (let i = 0; i < 50; i++) raw.askVersions();
      await until('all answers', () => raw.answers.length === 50);
      expect(raw.answers).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
      raw.socket.destroy();
    }
  });

  test('refuses while its broker does not run, and is there again with it', async () => {
    const live = await startLive();
    const raw = await client(portOf(live, 1));
    await run(live, 'kill broker-1');
    await until('the end', () => raw.ended === 'fin');
    const late = await new RawClient(portOf(live, 1)).connected();
    await until('a refusal', () => late.ended === 'refused');
    await run(live, 'start broker-1');
    await client(portOf(live, 1));
  });

  test('of a paused broker accepts and is silent, and answers when it goes on', async () => {
    const live = await startLive();
    const raw = await client(portOf(live, 1));
    await run(live, 'pause broker-1');
    const late = await new RawClient(portOf(live, 1)).connected();
    raw.askVersions();
    late.askVersions();
    await sleep(300);
    expect([raw.answers.length, late.answers.length, raw.ended, late.ended]).toEqual([1, 0, 'open', 'open']);
    await run(live, 'resume broker-1');
    await until('both answers', () => raw.answers.length === 2 && late.answers.length === 1);
  });

  test.each([
    'partition clients | 1',
    'cut --from broker-1 --to clients',
    'isolate broker-1',
    'cut --between outside,1',
  ])('is silent under "%s", and what was sent arrives after healing', async (line) => {
    const live = await startLive();
    const raw = await client(portOf(live, 1));
    const other = await client(portOf(live, 2));
    await run(live, line);
    raw.askVersions();
    other.askVersions();
    const late = await new RawClient(portOf(live, 1)).connected();
    late.askVersions();
    await until('the other broker answers', () => other.answers.length === 2);
    await sleep(300);
    expect([raw.answers.length, late.answers.length, raw.ended, late.ended]).toEqual([1, 0, 'open', 'open']);
    await run(live, 'heal all');
    await until('both answers', () => raw.answers.length === 2 && late.answers.length === 1);
  });

  test('is silent while its machine is off, and resets what it does not know when it is on again', async () => {
    const live = await startLive();
    const raw = await client(portOf(live, 1));
    await run(live, 'powerOff broker-1');
    raw.askVersions();
    await sleep(300);
    expect([raw.answers.length, raw.ended]).toEqual([1, 'open']);
    await run(live, 'start broker-1');
    await until('a reset', () => raw.ended === 'reset');
    await client(portOf(live, 1));
  });

  test('resets under "reset"', async () => {
    const live = await startLive();
    const raw = await client(portOf(live, 1));
    const other = await client(portOf(live, 2));
    await run(live, 'reset --between clients,broker-1');
    await until('a reset', () => raw.ended === 'reset');
    other.askVersions();
    await until('the other connection stands', () => other.answers.length === 2);
  });

  test('is late under "delay"', async () => {
    const live = await startLive();
    const raw = await client(portOf(live, 1));
    await run(live, 'delay --from broker-1 --to clients --latency 300ms');
    const startMs = performance.now();
    raw.askVersions();
    await until('an answer', () => raw.answers.length === 2);
    expect(performance.now() - startMs).toBeGreaterThan(280);
  });

  test('has an injected fault meet a client by its client.id', async () => {
    const live = await startLive();
    const raw = await client(portOf(live, 1));
    await run(live, 'inject ApiVersions --disconnect --client raw --count 1');
    raw.askVersions();
    await until('the end', () => raw.ended === 'fin');
    expect(await live.execute('kill outside')).toMatchObject({ ok: false, lines: [/stands for real clients/] });
  });

  test('says which port is in use, and leaves the others free', async () => {
    const live = await startLive();
    const port = portOf(live, 1);
    const taken = [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '127.0.0.1', port }] as const;
    await expect(startLive({}, { listeners: taken })).rejects.toThrow(ListenError);
  });

  test('whose port somebody took meanwhile is tried again until it is free', async () => {
    const troubles: string[] = [];
    const live = await startLive({}, { onTrouble: (message) => troubles.push(message) });
    const port = portOf(live, 1);
    await run(live, 'kill broker-1');
    const thief = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    await once(thief, 'listening');
    await run(live, 'start broker-1');
    await until('trouble', () => troubles.length > 0);
    expect(troubles[0]).toContain(`127.0.0.1:${port} cannot be listened to (EADDRINUSE)`);
    thief.close();
    await sleep(600);
    await client(port);
  });

  test('several clusters live side by side, and leave nothing behind that keeps a process alive', async () => {
    const before = activeResources();
    const clusters = await Promise.all([1, 2, 3].map((brokers) => startLive({ brokers: brokersNumbered(brokers) })));
    const clients = await Promise.all(clusters.map((live) => client(portOf(live, 1))));
    await Promise.all(clusters.map((live) => live.close()));
    for (const { socket } of clients) socket.destroy();
    await sleep(50);
    expect(activeResources().servers).toBe(0);
    expect(activeResources().sockets).toBeLessThanOrEqual(before.sockets);
    expect(await clusters[0]!.execute('status')).toEqual({ ok: false, lines: ['the cluster has ended'] });
  });

  test('ends with its cluster: ports refuse, sockets close', async () => {
    const live = await startLive();
    const raw = await client(portOf(live, 1));
    const gone = once(raw.socket, 'close');
    await live.close();
    raw.socket.end();
    await gone;
    const late = await new RawClient(portOf(live, 1)).connected();
    await until('a refusal', () => late.ended === 'refused');
  });
});
