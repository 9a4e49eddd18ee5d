/** What zkCli says instead of an answer (CliWrapperException, KeeperException.Code). */
import { ZkCode } from '../../coordinator/zookeeper/ensemble/codes.ts';
import { ToolError } from '../kafka/failure.ts';

/** Ends a command. */
export class CliError extends ToolError {
  readonly lines: readonly string[];
  /** What we add to the real one's words: what to do. */
  readonly hint: string | undefined;

  constructor(lines: readonly string[], hint?: string) {
    super('CliException', lines.join('\n'));
    this.name = 'CliError';
    this.lines = lines;
    this.hint = hint;
  }
}

const WORDS: ReadonlyMap<number, string> = new Map<number, string>([
  [ZkCode.BAD_ARGUMENTS, 'Arguments are not valid : '],
  [ZkCode.BAD_VERSION, 'version No is not valid : '],
  [ZkCode.NODE_EXISTS, 'Node already exists: '],
  [ZkCode.NO_CHILDREN_FOR_EPHEMERALS, 'Ephemerals cannot have children: '],
  [ZkCode.NO_NODE, 'Node does not exist: '],
  [ZkCode.NOT_EMPTY, 'Node not empty: '],
  [ZkCode.NO_AUTH, 'Insufficient permission : '],
  [ZkCode.INVALID_ACL, 'Acl is not valid : '],
]);

/** Names where nothing better is said. */
const NAMES: ReadonlyMap<number, string> = new Map<number, string>([
  [ZkCode.CONNECTION_LOSS, 'ConnectionLoss'],
  [ZkCode.SESSION_EXPIRED, 'Session expired'],
  [ZkCode.MARSHALLING_ERROR, 'MarshallingError'],
  [ZkCode.UNIMPLEMENTED, 'Unimplemented'],
  [ZkCode.SYSTEM_ERROR, 'SystemError'],
  [ZkCode.NO_AUTH, 'NoAuth'],
  [ZkCode.NO_NODE, 'NoNode'],
  [ZkCode.BAD_VERSION, 'BadVersion'],
  [ZkCode.INVALID_ACL, 'InvalidACL'],
  [ZkCode.AUTH_FAILED, 'AuthFailed'],
  [ZkCode.NO_WATCHER, 'No such watcher'],
  [ZkCode.RECONFIG_DISABLED, 'Reconfig is disabled'],
]);

/** `path` null: the operation has none. */
export function keeperError(err: number, path: string | null, hint?: string): CliError {
  const words = WORDS.get(err);
  if (words !== undefined) return new CliError([`${words}${path}`], hint);
  return new CliError([keeperMessage(err, path)], hint ?? HINTS.get(err));
}

/** KeeperException's own message. */
export function keeperMessage(err: number, path: string | null): string {
  return `KeeperErrorCode = ${NAMES.get(err) ?? `error ${err}`}${path === null ? '' : ` for ${path}`}`;
}

const HINTS: ReadonlyMap<number, string> = new Map<number, string>([
  [
    ZkCode.CONNECTION_LOSS,
    'it may have happened, or not: the connection broke before the answer. The session tries the next server by itself',
  ],
]);
