/** Quotas are znodes that the command line writes, and servers count beside (SetQuotaCommand, ListQuotaCommand, DelQuotaCommand). */
import { OpCode, ZkCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import { parentOf } from '../../../coordinator/zookeeper/ensemble/paths.ts';
import { limitsPath, QUOTA_ROOT, readUse, statsPath } from '../../../coordinator/zookeeper/ensemble/quotas.ts';
import type { Steps } from '../../kafka/steps.ts';
import type { ZkCommand, ZkOption } from '../command.ts';
import { CliError } from '../failure.ts';
import type { Operands } from '../operands.ts';
import { checkPath, childOf } from '../paths.ts';
import type { ZkShell } from '../shell.ts';

const LIMITS: readonly (ZkOption & { readonly key: keyof Limits; readonly what: string })[] = [
  { name: 'n', key: 'count', what: 'num soft quota', about: 'so many znodes' },
  { name: 'b', key: 'bytes', what: 'bytes soft quota', about: 'so many bytes of data' },
  { name: 'N', key: 'countHardLimit', what: 'num hard quota', about: 'the hard limit of znodes' },
  { name: 'B', key: 'byteHardLimit', what: 'bytes hard quota', about: 'the hard limit of bytes' },
];
const NAMES = LIMITS.map(({ name }) => name);

/** -1: there is none. */
interface Limits {
  readonly count: number;
  readonly bytes: number;
  readonly byteHardLimit: number;
  readonly countHardLimit: number;
}
const NONE: Limits = { count: -1, bytes: -1, byteHardLimit: -1, countHardLimit: -1 };

const limitsText = ({ count, bytes, byteHardLimit, countHardLimit }: Limits): string =>
  `count=${count},bytes=${bytes}=;byteHardLimit=${byteHardLimit};countHardLimit=${countHardLimit}`;

function readLimits(data: Uint8Array | null): Limits {
  const text = data === null ? '' : decoder.decode(data);
  const of = (key: string): number => Number(new RegExp(`(?:^|[,;])${key}=(-?\\d+)`).exec(text)?.[1] ?? -1);
  return {
    count: of('count'),
    bytes: of('bytes'),
    byteHardLimit: of('byteHardLimit'),
    countHardLimit: of('countHardLimit'),
  };
}

export const setquota: ZkCommand = {
  name: 'setquota',
  usage: '-n|-b|-N|-B val path',
  about: 'says how much a subtree should hold at most. Nothing is refused because of it',
  options: LIMITS.map(({ name, about }) => ({ name, value: 'val', about })),
  exclusive: NAMES,
  completes: 'path',
  examples: ['setquota -n 100 /app', 'setquota -B 65536 /app'],
  differs: 'Hard limits refuse nothing, as by servers without enforceQuota.',
  *run({ args, shell, print }) {
    const limit = LIMITS.find(({ name }) => args.has(name));
    if (limit === undefined) {
      const options = LIMITS.map(({ name, what }) => `-${name} ${what}`).join(', ');
      throw new CliError([`org.apache.commons.cli.MissingOptionException: Missing required option: [${options}]`]);
    }
    if (args.words.length === 0) throw new CliError([`setquota ${setquota.usage}`]);
    const value = args.integer(limit.name)!;
    const { path } = args;
    if (limit.what.startsWith('num') && value <= 0) throw new CliError(['the num quota must be greater than zero']);
    if (value < 0) throw new CliError(['the bytes quota must be greater than or equal to zero']);
    checkPath(path);
    if (path === '/') throw new CliError(['Path must not end with / character']);
    const { err } = yield* shell.ask({ type: OpCode.exists, path, watch: false });
    if (err === ZkCode.NO_NODE) throw new CliError([`${path} does not exist.`]);
    const before = yield* limitsOf(shell, path);
    const limits = { ...(before ?? NONE), [limit.key]: value };
    if (before === undefined) yield* makeQuota(shell, path, limits);
    else yield* write(shell, path, limits);
    const use = readUse(yield* dataOf(shell, statsPath(path)));
    const exceeds = (used: number, ...most: readonly number[]): boolean => most.some((one) => one > -1 && used > one);
    if (use !== undefined && exceeds(use.count, limits.count, limits.countHardLimit))
      print(`[Warning]: the count quota you create is less than the existing count:${use.count}`);
    if (use !== undefined && exceeds(use.bytes, limits.bytes, limits.byteHardLimit))
      print(`[Warning]: the bytes quota you create is less than the existing bytes:${use.bytes}`);
  },
};

/** Of a path that has none, and neither have those above and below it. */
function* makeQuota(shell: ZkShell, path: string, limits: Limits): Steps<void> {
  const child = yield* quotaBelow(shell, path);
  if (child !== undefined) throw new CliError([`${path} has a child ${child} which has a quota`]);
  for (let above = parentOf(path); above !== '/'; above = parentOf(above))
    if ((yield* limitsOf(shell, above)) !== undefined)
      throw new CliError([`${path} has a parent ${above} which has a quota`]);
  let made = QUOTA_ROOT;
  for (const part of path.slice(1).split('/')) {
    made = `${made}/${part}`;
    yield* make(shell, made, null);
  }
  yield* make(shell, limitsPath(path), limitsText(limits));
  yield* make(shell, statsPath(path), 'count=0,bytes=0');
}

/** A path below this one, or this one itself, that has a quota. */
function* quotaBelow(shell: ZkShell, path: string): Steps<string | undefined> {
  const { err, body } = yield* shell.ask({ type: OpCode.getChildren2, path: QUOTA_ROOT + path, watch: false });
  if (err !== ZkCode.OK) return undefined;
  for (const name of body?.children ?? []) {
    if (QUOTA_ROOT + childOf(path, name) === limitsPath(path)) return path;
    const below = yield* quotaBelow(shell, childOf(path, name));
    if (below !== undefined) return below;
  }
  return undefined;
}

function* make(shell: ZkShell, path: string, data: string | null): Steps<void> {
  const bytes = data === null ? null : encoder.encode(data);
  const { err } = yield* shell.ask({ type: OpCode.create, path, data: bytes, flags: 0 });
  if (err !== ZkCode.OK && err !== ZkCode.NODE_EXISTS) throw shell.error(err, path);
}

function* write(shell: ZkShell, path: string, limits: Limits): Steps<void> {
  const data = encoder.encode(limitsText(limits));
  yield* shell.asked({ type: OpCode.setData, path: limitsPath(path), data, version: -1 }, limitsPath(path));
}

function* dataOf(shell: ZkShell, path: string): Steps<Uint8Array | null> {
  const { err, body } = yield* shell.ask({ type: OpCode.getData, path, watch: false });
  if (err !== ZkCode.OK && err !== ZkCode.NO_NODE) throw shell.error(err, path);
  return body?.data ?? null;
}

function* limitsOf(shell: ZkShell, path: string): Steps<Limits | undefined> {
  const data = yield* dataOf(shell, limitsPath(path));
  return data === null ? undefined : readLimits(data);
}

export const listquota: ZkCommand = {
  name: 'listquota',
  usage: 'path',
  about: 'shows the quota of a subtree, and what it holds',
  least: 1,
  completes: 'path',
  examples: ['listquota /app'],
  *run({ args, shell, print, spoil }) {
    const { path } = args;
    checkPath(path);
    print(`absolute path is ${limitsPath(path)}`);
    const limits = yield* limitsOf(shell, path);
    if (limits === undefined) {
      print(`quota for ${path} does not exist.`);
      return spoil();
    }
    print(`Output quota for ${path} ${limitsText(limits)}`);
    const stats = yield* dataOf(shell, statsPath(path));
    if (stats !== null) print(`Output stat for ${path} ${decoder.decode(stats)}`);
  },
};

export const delquota: ZkCommand = {
  name: 'delquota',
  usage: '[-n|-b|-N|-B] path',
  about: 'takes away the quota of a subtree, or one of its limits',
  options: LIMITS.map(({ name, about }) => ({ name, about: about.replace('so many', 'that of') })),
  exclusive: NAMES,
  least: 1,
  completes: 'path',
  examples: ['delquota /app', 'delquota -n /app'],
  *run({ args, shell }) {
    const { path } = args;
    checkPath(path);
    const limits = yield* limitsOf(shell, path);
    if (limits === undefined) throw new CliError([`Quota does not exist for ${path}`]);
    const one = chosen(args);
    if (one !== undefined) return yield* write(shell, path, { ...limits, [one]: -1 });
    for (const node of [limitsPath(path), statsPath(path)])
      yield* shell.asked({ type: OpCode.delete, path: node, version: -1 }, node);
    for (let node = QUOTA_ROOT + path; node !== QUOTA_ROOT; node = parentOf(node)) {
      const { err } = yield* shell.ask({ type: OpCode.delete, path: node, version: -1 });
      if (err !== ZkCode.OK) return;
    }
  },
};

const chosen = (args: Operands): keyof Limits | undefined => LIMITS.find(({ name }) => args.has(name))?.key;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
