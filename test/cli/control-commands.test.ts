/** A cluster in the background, and the commands that speak to it, through the real binary. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { kzsim } from './run-kzsim.ts';

const folder = mkdtempSync(join(tmpdir(), 'kz-'));
const before = process.env.KZSIM_RUNTIME_DIR;

beforeAll(() => {
  process.env.KZSIM_RUNTIME_DIR = folder;
});
afterEach(() => void kzsim(['down']));
afterAll(() => {
  if (before === undefined) delete process.env.KZSIM_RUNTIME_DIR;
  else process.env.KZSIM_RUNTIME_DIR = before;
  rmSync(folder, { recursive: true, force: true });
});

const up = (...more: readonly string[]) =>
  kzsim(['up', '--wait', '--listen', '127.0.0.1:0', '--timers', 'fast', '--topic', 'orders:3', ...more]);

test('a script starts a cluster, breaks it, asks how it is, and ends it', () => {
  const started = up();
  expect(started.code).toBe(0);
  expect(started.out).toMatch(/^KAFKA_BOOTSTRAP_SERVERS=localhost:\d+,localhost:\d+,localhost:\d+\n$/);
  expect(kzsim(['env']).out).toBe(started.out);
  expect(kzsim(['status'])).toMatchObject({ code: 0, out: expect.stringMatching(/^healthy\nkraft, /) });

  expect(kzsim(['ctl', 'kill', 'leader(orders-0)', '--as', 'dead'])).toMatchObject({
    code: 0,
    out: 'done: broker-1\n',
  });
  expect(kzsim(['status'])).toMatchObject({ code: 1, out: expect.stringMatching(/^not healthy\n/) });
  expect(JSON.parse(kzsim(['status', '--json']).out)).toMatchObject({ healthy: false, health: { brokers: '2/3' } });
  expect(kzsim(['ctl', 'expect orders-0.leader != $dead within 20s']).code).toBe(0);
  const wrong = kzsim(['ctl', 'expect', 'orders-0.leader', '==', '$dead']);
  expect(wrong).toMatchObject({ code: 1, out: '' });
  expect(wrong.err).toContain('observed');
  // Lines from a pipe: for the prompt, up to the first that fails; or for a tool that reads them.
  const piped = kzsim(['ctl'], 'start $dead # again\nkafka-topics --list <<EOF\nx\nEOF\nkil broker-2\nstatus\n');
  expect(piped).toMatchObject({ code: 1, out: 'done: broker-1\norders\n' });
  expect(piped.err).toContain('did you mean kill?');
  expect(kzsim(['ctl', 'kafka-console-producer', '--topic', 'orders'], 'one\ntwo\n').code).toBe(0);
  expect(kzsim(['ctl', 'kafka-console-consumer --topic orders --from-beginning | tail -1']).out).toContain(
    'total of 2',
  );

  expect(kzsim(['down'])).toMatchObject({ code: 0, out: 'ended; no invariant was violated\n' });
  expect(kzsim(['down'])).toMatchObject({ code: 3, err: 'error: no cluster runs; start one with `kzsim up --wait`\n' });
});

test('a name belongs to one cluster, and says which is meant', () => {
  expect(up('--name', 'first').code).toBe(0);
  expect(up('--name', 'first')).toMatchObject({
    code: 3,
    err: expect.stringContaining('a cluster named first runs already'),
  });
  expect(up('--name', 'second').code).toBe(0);
  expect(kzsim(['status']).err).toContain('say which with --name first or --name second');
  expect(kzsim(['down', '--name', 'second']).code).toBe(0);
  expect(kzsim(['down', '--name', '../x']).code).toBe(2);
});

test('a cluster that cannot start says why, and waits for nobody', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const refused = kzsim(['up', '--wait', '--listen', `127.0.0.1:${port}`]);
  taken.close();
  expect(refused.code).toBe(3);
  expect(refused.err).toContain(`port ${port} of 127.0.0.1 is in use`);
  expect(kzsim(['up', '--wait', '--brokers', 'many']).code).toBe(2);
});
