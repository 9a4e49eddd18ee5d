/** Reads a journal back, line by line. What is not one is told with its line; a last line that was cut off is not read. */
import { z } from 'zod';
import type { ClusterOptions } from '../cluster/options.ts';
import { type Base64, type Input, JOURNAL_VERSION, type JournalEnd, type JournalHeader } from './journal.ts';

/** A file that is no journal, or not this version's. */
export class JournalError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'JournalError';
    this.line = line;
  }
}

export type JournalLine =
  | { readonly kind: 'input'; readonly atUs: number; readonly input: Input }
  | { readonly kind: 'end'; readonly end: JournalEnd };

const whole = z.number().int().nonnegative();
const settings = z.record(z.string(), z.string());

const Options = z.object({
  mode: z.enum(['kraft', 'zookeeper']),
  seed: z.number().int(),
  brokers: z.array(z.object({ id: whole, rack: z.string().nullable(), logDirs: whole })).min(1),
  quorum: whole,
  combined: z.boolean(),
  timers: z.enum(['realistic', 'fast']),
  config: settings,
  network: z.object({ latencyUs: whole, jitterUs: whole }),
  zookeeper: z.object({ tickTimeMs: whole, initLimit: whole, syncLimit: whole }),
  topics: z.array(
    z.object({
      name: z.string(),
      partitions: whole,
      replicationFactor: whole.optional(),
      assignment: z.array(z.array(whole)).optional(),
      config: settings,
    }),
  ),
  kafkaVersion: z.string().optional(),
  encode: z.boolean(),
  listeners: z.array(
    z.object({ name: z.string(), securityProtocol: z.string(), host: z.string(), ports: z.array(whole) }),
  ),
  outside: z.boolean(),
  wallEpochMs: z.number().optional(),
});

const Header = z.object({
  journal: z.literal('kzsim'),
  version: z.number(),
  kzsim: z.string(),
  // What a later version adds is kept as it came.
  options: Options.loose(),
});

const connection = z.number().int().positive();

const Line = z.discriminatedUnion('in', [
  z.object({ t: whole, in: z.literal('open'), c: connection, broker: z.string(), listener: z.string() }),
  z.object({ t: whole, in: z.literal('frame'), c: connection, bytes: z.string() }),
  z.object({ t: whole, in: z.literal('refuse'), c: connection, reason: z.string() }),
  z.object({ t: whole, in: z.literal('shut'), c: connection }),
  z.object({ t: whole, in: z.literal('finish'), c: connection }),
  z.object({ t: whole, in: z.literal('abort'), c: connection }),
  z.object({ t: whole, in: z.literal('line'), text: z.string() }),
  z.object({ t: whole, in: z.literal('end'), events: whole, hash: z.string() }),
  z.object({ t: whole, in: z.literal('failure'), message: z.string() }),
]);

export function readHeader(text: string): JournalHeader {
  const value = parse(text, 1);
  if (typeof value !== 'object' || value === null || !('journal' in value) || value.journal !== 'kzsim')
    throw new JournalError(
      1,
      'this is no journal of kzsim: its first line is not the header that `up --record` writes',
    );
  const version = 'version' in value ? value.version : undefined;
  if (version !== JOURNAL_VERSION)
    throw new JournalError(1, `a journal of version ${String(version)}; this kzsim reads version ${JOURNAL_VERSION}`);
  const header = Header.safeParse(value);
  if (!header.success) throw new JournalError(1, issueOf(header.error));
  const { kzsim, options } = header.data;
  return { kzsim, options: options as unknown as ClusterOptions };
}

/** `before`: the time of the line before it. */
export function readLine(text: string, line: number, before: number, base64: Base64): JournalLine {
  const read = Line.safeParse(parse(text, line));
  if (!read.success) throw new JournalError(line, issueOf(read.error));
  const { data } = read;
  if (data.t < before) throw new JournalError(line, `its time ${data.t} is before that of the line above, ${before}`);
  if (data.in === 'end')
    return { kind: 'end', end: { kind: 'end', atUs: data.t, events: data.events, hash: data.hash } };
  if (data.in === 'failure') return { kind: 'end', end: { kind: 'failure', atUs: data.t, message: data.message } };
  return { kind: 'input', atUs: data.t, input: inputOf(data, line, base64) };
}

type InputLine = Exclude<z.output<typeof Line>, { in: 'end' } | { in: 'failure' }>;

function inputOf(data: InputLine, line: number, base64: Base64): Input {
  switch (data.in) {
    case 'open':
      return { kind: 'open', connection: data.c, broker: data.broker, listener: data.listener };
    case 'frame': {
      const frame = base64.decode(data.bytes);
      if (frame === null) throw new JournalError(line, 'its bytes are not base64');
      return { kind: 'frame', connection: data.c, frame };
    }
    case 'refuse':
      return { kind: 'refuse', connection: data.c, reason: data.reason };
    case 'shut':
    case 'finish':
    case 'abort':
      return { kind: data.in, connection: data.c };
    case 'line':
      return { kind: 'line', text: data.text };
  }
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new JournalError(line, 'it is not JSON');
  }
}

function issueOf({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
