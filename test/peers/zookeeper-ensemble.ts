/** A real ensemble of three servers on this machine, and the real zkCli, a line at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { JAVA_OPTIONS, zooKeeperClassPath } from './install.ts';

const SERVERS = [1, 2, 3];

export interface RealEnsemble {
  /** Client ports, by number of the server less one. */
  readonly ports: readonly number[];
  /** Ends the servers. */
  stop(): void;
}

export async function startEnsemble(version: string): Promise<RealEnsemble> {
  const ports = await freePorts(3 * SERVERS.length);
  const folder = mkdtempSync(join(tmpdir(), 'kzsim-zookeeper-'));
  const silent = join(folder, 'log4j.properties');
  writeFileSync(silent, 'log4j.rootLogger=OFF\n');
  const of = (id: number, kind: number): number => ports[3 * (id - 1) + kind]!;
  const members = SERVERS.map(
    (id) => `server.${id}=127.0.0.1:${of(id, 1)}:${of(id, 2)}:participant;127.0.0.1:${of(id, 0)}`,
  );
  const processes = SERVERS.map((id) => {
    const data = join(folder, String(id));
    mkdirSync(data);
    writeFileSync(join(data, 'myid'), String(id));
    const settings = ['tickTime=2000', 'initLimit=10', 'syncLimit=5', `dataDir=${data}`, 'admin.enableServer=false'];
    writeFileSync(join(data, 'zoo.cfg'), [...settings, '4lw.commands.whitelist=*', ...members].join('\n'));
    const options = [`-Dlog4j.configuration=file:${silent}`, '-Dzookeeper.extendedTypesEnabled=true'];
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    const words = [...JAVA_OPTIONS, ...options, '-cp', zooKeeperClassPath(version), main, join(data, 'zoo.cfg')];
    return spawn('java', words, { stdio: 'ignore' });
  });
  const clients = SERVERS.map((id) => of(id, 0));
  for (const port of clients) await serving(port);
  return {
    ports: clients,
    stop() {
      for (const server of processes) server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function serving(port: number): Promise<void> {
  for (let left = 300; left > 0; left--) {
    if (/^Mode: /m.test(await fourLetterWord(port, 'srvr').catch(() => ''))) return;
    await pause(100);
  }
  throw new Error(`no server of ZooKeeper serves at port ${port}`);
}

/** What a server answers to one of the four-letter words. */
export function fourLetterWord(port: number, word: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => void socket.write(word));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

/** Unknown to zkCli: it says so when it comes to it. */
const MARKER = 'that-is-all';

/** The real zkCli. Both of its streams as one, as a terminal shows them. */
export class RealCli {
  readonly #process: ChildProcess;
  #said = '';

  constructor(version: string, port: number) {
    const main = ['org.apache.zookeeper.ZooKeeperMain', '-server', `127.0.0.1:${port}`];
    const options = [
      '-Dlog4j.rootLogger=OFF',
      '-Dlog4j.configuration=none',
      '-cp',
      zooKeeperClassPath(version),
      ...main,
    ];
    this.#process = spawn('sh', ['-c', 'exec java "$@" 2>&1', 'sh', ...JAVA_OPTIONS, ...options]);
    this.#process.stdout!.setEncoding('utf8');
    this.#process.stdout!.on('data', (chunk: string) => {
      this.#said += chunk;
    });
  }

  /** What it says to a line, and within a moment after it, without the list of all commands. */
  async run(line: string): Promise<readonly string[]> {
    this.#said = '';
    this.#process.stdin!.write(`${line}\n`);
    await pause(200);
    this.#process.stdin!.write(`${MARKER}\n`);
    for (let left = 200; left > 0 && !this.#said.includes(`Command not found ${MARKER}`); left--) await pause(50);
    // Events come when they come.
    await pause(150);
    return this.#said
      .split('\n')
      .filter((text) => !/^(\t|ZooKeeper -server |log4j:|SLF4J:)/.test(text) && !text.endsWith(MARKER));
  }

  async close(): Promise<void> {
    this.#process.stdin!.end();
    if (this.#process.exitCode === null) await once(this.#process, 'close');
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
