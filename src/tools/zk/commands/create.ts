import { OpCode, ZkCode } from '../../../coordinator/zookeeper/ensemble/codes.ts';
import { CreateFlag, type CreateRequest } from '../../../coordinator/zookeeper/ensemble/messages.ts';
import { LONGEST_TTL_MS } from '../../../coordinator/zookeeper/ensemble/prep.ts';
import { readAcl } from '../acl-text.ts';
import type { ZkCall, ZkCommand } from '../command.ts';
import { CliError, keeperMessage } from '../failure.ts';
import { checkPath } from '../paths.ts';

export const create: ZkCommand = {
  name: 'create',
  usage: '[-s] [-e] [-c] [-t ttl] path [data] [acl]',
  about: 'creates a znode',
  options: [
    { name: 's', about: 'sequential: ten digits are put behind the path, counted by its parent' },
    { name: 'e', about: 'ephemeral: it ends with this session' },
    { name: 'c', about: 'a container: deleted, within a minute, once it has lost its last child' },
    {
      name: 't',
      value: 'ttl',
      about: 'deleted, within a minute, when so many milliseconds have passed since it was changed',
    },
  ],
  least: 1,
  completes: 'path',
  examples: [
    'create /app {"retries":3}',
    'create -e /lock me',
    'create -s -e /locks/l- me',
    'create -c /leases',
    'create /secret data auth::cdrwa',
  ],
  differs: 'TTLs are taken, as by servers with extendedTypesEnabled.',
  *run(call) {
    const { args, shell, print } = call;
    const [path = '', data, acl] = args.words;
    const kind = kindOf(call);
    checkPath(path, args.has('s'));
    const list = acl === undefined ? {} : { acl: readAcl(acl, print, 'KeeperErrorCode = InvalidACL') };
    const bytes = data === undefined ? null : encoder.encode(data);
    const { err, body } = yield* shell.ask({ ...kind, path, data: bytes, ...list });
    if (err === ZkCode.INVALID_ACL) print(keeperMessage(err, path));
    if (err !== ZkCode.OK) throw shell.error(err, path);
    print(`Created ${body?.path}`);
  },
};

function kindOf({ args }: ZkCall): Pick<CreateRequest, 'type' | 'flags' | 'ttl'> {
  const flags = (args.has('e') ? CreateFlag.ephemeral : 0) | (args.has('s') ? CreateFlag.sequential : 0);
  const ttl = args.integer('t');
  if (args.has('c') && flags !== 0)
    throw new CliError(['-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.']);
  if (ttl !== undefined && (ttl <= 0 || ttl > LONGEST_TTL_MS))
    throw new CliError([`ttl must be positive and cannot be larger than: ${LONGEST_TTL_MS}`]);
  if (ttl !== undefined && args.has('e')) throw new CliError(['TTLs cannot be used with Ephemeral znodes']);
  if (ttl !== undefined && args.has('c')) throw new CliError(['TTLs cannot be used with Container znodes']);
  if (args.has('c')) return { type: OpCode.createContainer, flags: CreateFlag.container };
  if (ttl === undefined) return { type: OpCode.create, flags };
  const withTtl = args.has('s') ? CreateFlag.persistentSequentialWithTtl : CreateFlag.persistentWithTtl;
  return { type: OpCode.createTTL, flags: withTtl, ttl };
}

const encoder = new TextEncoder();
