/** ACLs as zkCli reads and prints them (AclParser, GetAclCommand). */
import { type Acl, LETTERS, permsText } from '../../coordinator/zookeeper/ensemble/acl.ts';
import { CliError } from './failure.ts';

/** `digest:bob:hash:cdrwa,world:anyone:r`: scheme before the first colon, permissions behind the last. Throws `CliError`; `said` is what the command says of it, too. */
export function readAcl(text: string, print: (line: string) => void, ...said: readonly string[]): readonly Acl[] {
  return text.split(',').map((entry) => {
    const first = entry.indexOf(':');
    const last = entry.lastIndexOf(':');
    if (first < 0 || first === last)
      throw new CliError(
        [`${entry} does not have the form scheme:id:perm`, ...said, 'Acl is not valid : null'],
        'world:anyone:cdrwa, auth::cdrwa for whom `zk addauth` made you, digest:USER:HASH:r, ip:127.0.0.1:r',
      );
    const perms = readPerms(entry.slice(last + 1), print);
    return { perms, scheme: entry.slice(0, first), id: entry.slice(first + 1, last) };
  });
}

function readPerms(text: string, print: (line: string) => void): number {
  let perms = 0;
  for (const letter of text) {
    const bit = LETTERS.find(([known]) => known === letter)?.[1];
    if (bit === undefined) print(`Unknown perm type: ${letter}`);
    else perms |= bit;
  }
  return perms;
}

export function aclLines(acl: readonly Acl[]): readonly string[] {
  return acl.flatMap(({ scheme, id, perms }) => [`'${scheme},'${id}`, `: ${permsText(perms)}`]);
}
