/**
 * Who may do what to a znode. An ACL belongs to its znode alone: nothing is inherited, and whoever locks everybody out has done so for
 * good, since there is no super user here. An undefined list means `world:anyone:cdrwa`. Modelled on PrepRequestProcessor.fixupACL,
 * ZooKeeperServer.checkACL and the providers of the schemes world, auth, digest and ip.
 */
import { digestOf } from './sha1.ts';

export interface Acl {
  /** Bits of `Perms`. */
  readonly perms: number;
  readonly scheme: string;
  readonly id: string;
}

export type AclList = readonly Acl[] | undefined;

export const Perms = { read: 1, write: 2, create: 4, delete: 8, admin: 16, all: 31 } as const;

/** What a client has shown to be. A connection has its address; each `addauth` adds one. */
export interface Identity {
  readonly scheme: string;
  readonly id: string;
}

/** Every client of the world is on this machine. */
export const LOCAL: Identity = { scheme: 'ip', id: '127.0.0.1' };

const OPEN: readonly Acl[] = [{ perms: Perms.all, scheme: 'world', id: 'anyone' }];

/** The list as a client is shown it. */
export function listed(acl: AclList): readonly Acl[] {
  return acl ?? OPEN;
}

export function allows(acl: AclList, perms: number, who: readonly Identity[]): boolean {
  if (acl === undefined || acl.length === 0) return true;
  return acl.some(
    (entry) => (entry.perms & perms) !== 0 && who.concat(ANYBODY).some((identity) => meets(entry, identity)),
  );
}

const ANYBODY: Identity = { scheme: 'world', id: 'anyone' };

function meets({ scheme, id }: Acl, identity: Identity): boolean {
  if (scheme !== identity.scheme) return false;
  return scheme === 'ip' ? isWithin(identity.id, id) : id === identity.id;
}

/** The list as it is stored: `auth` stands for all that the writer has shown to be. Null: it is no valid list. */
export function fixedAcl(asked: readonly Acl[], who: readonly Identity[]): readonly Acl[] | null {
  const fixed: Acl[] = [];
  for (const { perms, scheme, id } of asked) {
    const meant = scheme === 'auth' ? who.filter((identity) => identity.scheme === 'digest') : [{ scheme, id }];
    if (meant.length === 0 || !meant.every(isValid)) return null;
    for (const identity of meant)
      if (!fixed.some((other) => other.perms === perms && other.scheme === identity.scheme && other.id === identity.id))
        fixed.push({ perms, scheme: identity.scheme, id: identity.id });
  }
  return fixed.length === 0 ? null : fixed;
}

function isValid({ scheme, id }: Identity): boolean {
  switch (scheme) {
    case 'world':
      return id === 'anyone';
    case 'digest':
      return /^[^:]+:[^:]+$/.test(id);
    case 'ip':
      return /^\d{1,3}(\.\d{1,3}){3}(\/([0-9]|[12]\d|3[0-2]))?$/.test(id) && octets(id).every((octet) => octet <= 255);
    default:
      return false;
  }
}

const octets = (address: string): readonly number[] => address.split('/', 1)[0]!.split('.').map(Number);

function isWithin(address: string, range: string): boolean {
  const bits = Number(range.split('/')[1] ?? 32);
  const [ours, theirs] = [address, range].map((text) => octets(text).reduce((sum, octet) => sum * 256 + octet, 0));
  return Math.floor(ours! / 2 ** (32 - bits)) === Math.floor(theirs! / 2 ** (32 - bits));
}

/** Only who may change the list sees the hashes of passwords in it (ZOOKEEPER-1392). */
export function masked(acl: AclList, who: readonly Identity[]): readonly Acl[] {
  if (allows(acl, Perms.admin, who)) return listed(acl);
  return listed(acl).map((entry) =>
    entry.scheme === 'digest' ? { ...entry, id: `${entry.id.split(':', 1)[0]}:x` } : entry,
  );
}

/** What credentials show somebody to be; null: there is no such scheme, or they are no credentials of it. */
export function authenticated(scheme: string, credentials: string): Identity | null {
  return scheme === 'digest' && credentials !== '' ? { scheme, id: digestOf(credentials) } : null;
}

/** `cdrwa`, in the order of zkCli. */
export function permsText(perms: number): string {
  return LETTERS.flatMap(([letter, bit]) => ((perms & bit) === 0 ? [] : [letter])).join('');
}

export const LETTERS: readonly (readonly [letter: string, bit: number])[] = [
  ['c', Perms.create],
  ['d', Perms.delete],
  ['r', Perms.read],
  ['w', Perms.write],
  ['a', Perms.admin],
];
