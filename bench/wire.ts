/**
 * `npm run bench:wire`: real clients (librdkafka, by a program that is compiled here) against kzsim, beside librdkafka's own mock
 * cluster, and beside Apache Kafka with `--kafka DIR`. The servers take turns in each round; the figures are medians of the rounds'
 * ratios. It needs gcc and librdkafka's headers (`apt-get install gcc librdkafka-dev`), and for Apache Kafka a java.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';
import { conclude, report } from './report.ts';
import { accepts, type Servers, startKafka, startKzsim, startMock, TOPIC } from './wire/servers.ts';

const ROUNDS = 5;
const START_ROUNDS = 5;
const LATENCY_RATE = 500;
const LATENCY_SECONDS = 5;
/** Records of a round: about a second of the mock cluster's. */
const SIZES = [
  { bytes: 100, count: 1_000_000, floor: 0.6, goal: 0.9 },
  { bytes: 1_024, count: 300_000, floor: 0.35, goal: 0.75 },
] as const;

const launcher = fileURLToPath(new URL('../../bin/kzsim.js', import.meta.url));
const source = fileURLToPath(new URL('../../bench/wire/client.c', import.meta.url));
const { values: options } = parseArgs({ options: { kafka: { type: 'string' } } });
const work = mkdtempSync(join(tmpdir(), 'kzsim-wire-'));
const client = join(work, 'client');
const running: Servers[] = [];
try {
  execFileSync('gcc', ['-O2', '-o', client, source, '-lrdkafka', '-lpthread']);
  conclude(report(await measure()));
} finally {
  for (const servers of running) servers.stop();
  rmSync(work, { recursive: true, force: true });
}

async function measure(): Promise<readonly Figure[]> {
  const kzsim = await started(startKzsim(launcher));
  const mock = await started(startMock(client));
  const others = [mock];
  if (options.kafka !== undefined) others.push(await started(startKafka(options.kafka, work)));
  for (const servers of [kzsim, ...others]) await run('first', servers);
  const figures: Figure[] = [];
  for (const size of SIZES) figures.push(...(await produce(kzsim, others, size)));
  figures.push(...(await latency(kzsim, others)));
  for (const servers of [...others, kzsim]) servers.stop();
  figures.push(await startUp(), await library());
  return figures;
}

async function started(starting: Promise<Servers>): Promise<Servers> {
  const servers = await starting;
  running.push(servers);
  return servers;
}

async function produce(
  kzsim: Servers,
  others: readonly Servers[],
  { bytes, count, floor, goal }: (typeof SIZES)[number],
): Promise<readonly Figure[]> {
  const ratios = new Map(others.map(({ name }) => [name, [] as number[]]));
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const own = Number(await run('produce', kzsim, bytes, count));
    rates.push(own);
    for (const other of others) ratios.get(other.name)!.push(own / Number(await run('produce', other, bytes, count)));
  }
  return others.map(({ name }) => ({
    name: `produce ${bytes} B, acks=all ÷ ${name}`,
    value: median(ratios.get(name)!),
    unit: 'ratio',
    floor: name === 'mock' ? floor : 1,
    goal: name === 'mock' ? goal : 3,
    note: `${Math.round(median(rates) / 1000)} thousand a second`,
  }));
}

async function latency(kzsim: Servers, others: readonly Servers[]): Promise<readonly Figure[]> {
  const read = async (servers: Servers) =>
    (await run('latency', servers, LATENCY_RATE, LATENCY_SECONDS)).split(' ').map((us) => Number(us) / 1000);
  const own: (readonly number[])[] = [];
  const theirs: string[] = [];
  for (let round = 0; round < 3; round++) own.push(await read(kzsim));
  for (const other of others)
    theirs.push(`${other.name} ${(await read(other)).map((ms) => ms.toFixed(1)).join(' and ')}`);
  const figure = (of: string, at: number, floor: number, goal: number): Figure => ({
    name: `produce → consume at ${LATENCY_RATE}/s, ${of}`,
    value: median(own.map((quantiles) => quantiles[at]!)),
    unit: 'ms',
    floor,
    goal,
    less: true,
    note: `p50 and p99 of ${theirs.join(', ')} ms`,
  });
  return [figure('p50', 0, 2, 0.5), figure('p99', 1, 10, 5)];
}

/**
 * From the start of the process to an acknowledged record. librdkafka starts when the port accepts: refused once, it looks again after a second
 * of its own, whoever the broker is.
 */
async function startUp(): Promise<Figure> {
  const taken: number[] = [];
  for (let round = 0; round < START_ROUNDS; round++) {
    const startedMs = Date.now();
    const kzsim = await started(startKzsim(launcher));
    await accepts(kzsim);
    taken.push(Number(await run('first', kzsim)) - startedMs);
    kzsim.stop();
  }
  const value = median(taken);
  return { name: 'kzsim up to the first accepted produce', value, unit: 'ms', floor: 600, goal: 150, less: true };
}

/** `startCluster` in a process that has started others before. */
async function library(): Promise<Figure> {
  const built = new URL('../index.js', import.meta.url).href;
  const { startCluster }: typeof import('../src/index.ts') = await import(built);
  const taken: number[] = [];
  for (let round = 0; round < START_ROUNDS; round++) {
    const startedMs = performance.now();
    const cluster = await startCluster();
    taken.push(performance.now() - startedMs);
    await cluster.stop();
  }
  const first = `the first ${Math.round(taken[0]!)} ms`;
  return { name: 'startCluster()', value: median(taken), unit: 'ms', floor: 100, goal: 15, less: true, note: first };
}

/** One measurement; the client's words where it fails. */
function run(what: string, { name, bootstrap }: Servers, ...rest: readonly number[]): Promise<string> {
  const child = spawn(client, [what, bootstrap, TOPIC, ...rest.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let wrong = '';
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    wrong += bytes.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve(out.trim()) : reject(new Error(`${what} with ${name} failed: ${wrong.trim()}`)),
    );
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
