/** The control socket: who may speak to it, and what it does with what it hears. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, chooseCluster } from '../../src/gateway/control/client.ts';
import type { ControlTarget } from '../../src/gateway/control/messages.ts';
import { ControlServer, NameTaken } from '../../src/gateway/control/server.ts';
import { makeRuntimeFolder, runningNames, socketPath } from '../../src/gateway/control/sockets.ts';

const before = process.env.KZSIM_RUNTIME_DIR;
let folder = '';
const open: ControlServer[] = [];
let ended = 0;

const target: ControlTarget = {
  run: async (line) => ({ ok: line !== 'bad', lines: [`ran ${line}`] }),
  status: () => ({ ok: true, lines: ['healthy'] }),
  env: () => ({ ok: true, lines: ['KAFKA_BOOTSTRAP_SERVERS=localhost:9092'] }),
  down: () => ({ ok: true, lines: ['ended'] }),
  end: () => {
    ended += 1;
  },
};

async function start(name?: string): Promise<ControlServer> {
  const server = await ControlServer.open(name, target);
  open.push(server);
  return server;
}

/** Sends bytes as they are, and gives what comes back until the other side ends. */
function raw(name: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(socketPath(name), () => socket.end(text));
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('error', () => resolve(heard));
    socket.on('close', () => resolve(heard));
  });
}

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kz-')), 'run');
  process.env.KZSIM_RUNTIME_DIR = folder;
  ended = 0;
});

afterEach(() => {
  for (const server of open.splice(0)) server.close();
  if (before === undefined) delete process.env.KZSIM_RUNTIME_DIR;
  else process.env.KZSIM_RUNTIME_DIR = before;
  rmSync(folder, { recursive: true, force: true });
});

describe('the control socket', () => {
  test('belongs to its user alone', async () => {
    const { name } = await start();
    expect(name).toBe('default');
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
    expect((statSync(socketPath(name)).mode & 0o777).toString(8)).toBe('600');
  });

  test('answers lines, status and addresses', async () => {
    const { name } = await start();
    expect(await ask(name, { do: 'run', line: 'kill broker-1' })).toEqual({ ok: true, lines: ['ran kill broker-1'] });
    expect(await ask(name, { do: 'run', line: 'bad' })).toEqual({ ok: false, lines: ['ran bad'] });
    expect((await ask(name, { do: 'env' })).lines).toEqual(['KAFKA_BOOTSTRAP_SERVERS=localhost:9092']);
    expect((await ask(name, { do: 'status' })).ok).toBe(true);
    expect(ended).toBe(0);
  });

  test('ends the cluster after it has said so', async () => {
    const { name } = await start();
    expect(await ask(name, { do: 'down' })).toEqual({ ok: true, lines: ['ended'] });
    expect(ended).toBe(1);
  });

  test('refuses what is no question, and goes on', async () => {
    const { name } = await start();
    expect(await raw(name, 'nonsense\n')).toContain('no question');
    expect(await raw(name, '{"do":"fly"}\n')).toContain('no question');
    await raw(name, 'x'.repeat(3 << 20));
    expect((await ask(name, { do: 'status' })).ok).toBe(true);
  });

  test('is found when it is the only one, and asked for by name when there are several', async () => {
    await expect(chooseCluster(undefined)).rejects.toThrow('no cluster runs; start one with `kzsim up --wait`');
    await start();
    expect(await chooseCluster(undefined)).toBe('default');
    const second = await start();
    expect(second.name).toBe('default-2');
    await expect(chooseCluster(undefined)).rejects.toThrow('say which with --name default or --name default-2');
    await expect(ask('staging', { do: 'status' })).rejects.toThrow(
      'no cluster named staging runs; those that do: default',
    );
  });

  test('keeps a name for one cluster, and takes over what a killed one left behind', async () => {
    makeRuntimeFolder();
    await start('mine');
    await expect(ControlServer.open('mine', target)).rejects.toThrow(NameTaken);
    writeFileSync(socketPath('old'), '');
    expect(await runningNames()).toEqual(['mine']);
    expect((await start('old')).name).toBe('old');
  });
});
