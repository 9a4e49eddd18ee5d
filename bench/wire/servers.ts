/** What answers to Kafka's clients in `npm run bench:wire`: each in processes of its own, with one topic of four partitions, RF 3. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

export const TOPIC = 'wire';
const PARTITIONS = 4;
const BROKERS = 3;

export interface Servers {
  readonly name: string;
  readonly bootstrap: string;
  stop(): void;
}

export async function startKzsim(launcher: string): Promise<Servers> {
  const port = await freePorts(BROKERS);
  const bootstrap = `127.0.0.1:${port}`;
  const arguments_ = [
    'up',
    '--plain',
    '--quiet',
    '--listen',
    bootstrap,
    '--topic',
    `${TOPIC}:${PARTITIONS}:${BROKERS}`,
  ];
  const child = spawn(process.execPath, [launcher, ...arguments_], { stdio: ['ignore', 'ignore', 'inherit'] });
  return { name: 'kzsim', bootstrap, stop: () => void child.kill('SIGKILL') };
}

const LOOK_MS = 5;

/** Resolves when the first of its addresses accepts connections. */
export async function accepts({ bootstrap }: Servers): Promise<void> {
  const [host, port] = bootstrap.split(',')[0]!.split(':');
  const accepted = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), host);
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  while (!(await accepted())) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

/** librdkafka's own; it replicates nothing. */
export async function startMock(client: string): Promise<Servers> {
  const child = spawn(client, ['mock', String(BROKERS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const bootstrap = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString().trim()));
    child.once('exit', () => reject(new Error('the mock cluster did not start')));
  });
  return { name: 'mock', bootstrap, stop: () => void child.kill('SIGKILL') };
}

/** Three combined nodes of the Apache Kafka that is installed in a directory, with their logs below `work`. */
export async function startKafka(directory: string, work: string): Promise<Servers> {
  const first = await freePorts(2 * BROKERS);
  const nodes = Array.from({ length: BROKERS }, (_, index) => ({ id: index + 1, port: first + index }));
  const voters = nodes.map(({ id }) => `${id}@127.0.0.1:${first + BROKERS + id - 1}`).join(',');
  const java = (...of: readonly string[]) => ['-Xmx512m', '-cp', join(directory, 'libs', '*'), ...of];
  const children: ChildProcess[] = [];
  for (const { id, port } of nodes) {
    const folder = join(work, `kafka-${id}`);
    mkdirSync(folder, { recursive: true });
    const properties = join(folder, 'server.properties');
    writeFileSync(properties, kafkaProperties({ id, port, controllerPort: first + BROKERS + id - 1, voters, folder }));
    const format = java('kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', properties);
    const formatted = spawnSync('java', format, { encoding: 'utf8' });
    if (formatted.status !== 0) throw new Error(`Kafka's storage was not formatted: ${formatted.stderr}`);
    children.push(spawn('java', java('kafka.Kafka', properties), { cwd: folder, stdio: 'ignore' }));
  }
  const stop = () => {
    for (const child of children) child.kill('SIGKILL');
  };
  return { name: 'Apache Kafka', bootstrap: nodes.map(({ port }) => `127.0.0.1:${port}`).join(','), stop };
}

interface KafkaNode {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly voters: string;
  readonly folder: string;
}

function kafkaProperties({ id, port, controllerPort, voters, folder }: KafkaNode): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': voters,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'logs'),
    'num.partitions': PARTITIONS,
    'default.replication.factor': BROKERS,
    'offsets.topic.num.partitions': 1,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The first of so many ports in a row that nobody listens to. */
async function freePorts(count: number): Promise<number> {
  for (let first = 20_000 + (process.pid % 5_000); ; first += count) {
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
