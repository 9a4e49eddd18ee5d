/** From a path in an expression to what it means: `orders-0@2.leo`, `web.errors(NAME)`, `znode(/controller).exists`, or a bare name. */
import { nearest } from '../../config/nearest.ts';
import { type CallArgs, ExpressionError, type Span } from '../expression/ast.ts';
import type { Compiled, Resolver } from '../expression/compile.ts';
import { nodeValue, type Value, type ValueType } from '../expression/value.ts';
import type { Domain } from '../model/changes.ts';
import type { ClusterModel } from '../model/cluster-model.ts';
import { allNodes, type Catalog, nodeName, parseMember, parsePartition, partitionName } from '../names.ts';
import type { Mode } from '../options.ts';
import { OBSERVABLES } from './index.ts';
import type { Observable, Subject, SubjectKind } from './observable.ts';

/** Where an expression stands, and what it may speak of. */
export interface ResolveScope {
  readonly catalog: Catalog;
  /** Undefined while a file is checked: then nothing can be read. */
  readonly model: ClusterModel | undefined;
  /** The only mode in which it is judged; undefined: in both. */
  readonly mode: Mode | undefined;
  readonly place: 'step' | 'always' | 'finally';
  /** Value of a `$name`; undefined before it is bound. */
  readonly binding: (name: string) => Value | undefined;
  /** Whether a `$name` is bound at this place. */
  readonly isBound: (name: string) => boolean;
  /** Told of everything that the expression speaks of. */
  readonly onSubject?: (spoken: Spoken) => void;
}

/** A value that an expression speaks of. */
export interface Spoken {
  readonly kind: SubjectKind;
  readonly name: string;
  /** As it is written: `orders-0@2.leo`. */
  readonly path: string;
  readonly property: string;
  readonly replica: number | undefined;
  /** Of `errors(NAME)`. */
  readonly args: readonly string[];
  readonly type: ValueType;
  /** What it is now; null while nothing can be read. */
  read(): Value;
}

interface Candidate {
  readonly kind: SubjectKind;
  readonly subject: Subject;
}

export const SINGLE: readonly SubjectKind[] = ['cluster', 'controller', 'quorum', 'ledger'];
/** `topic(x)` and its like: the function, and what its arguments name. */
const WRAPPERS: Readonly<Record<string, (args: readonly string[], scope: ResolveScope) => Candidate | undefined>> = {
  znode: ([path]) => ({ kind: 'znode', subject: { name: path!, replica: undefined } }),
  topic: ([name]) => ({ kind: 'topic', subject: { name: name!, replica: undefined } }),
  txn: ([name]) => ({ kind: 'transaction', subject: { name: name!, replica: undefined } }),
  group: ([name]) => ({ kind: 'group', subject: { name: name!, replica: undefined } }),
  node: ([name]) => ({ kind: 'node', subject: { name: nodeName(name!), replica: undefined } }),
  client: ([name], scope) => clientCandidate(name!, scope.catalog),
  partition: ([topic, partition]) => ({
    kind: 'partition',
    subject: { name: partitionName({ topic: topic!, partition: Number(partition ?? '0') }), replica: undefined },
  }),
};

/** What kind of thing a wrapper names. */
export const WRAPPER_KINDS: Readonly<Record<string, SubjectKind>> = {
  topic: 'topic',
  group: 'group',
  client: 'producer',
  partition: 'partition',
  node: 'node',
  znode: 'znode',
  txn: 'transaction',
};

const BINDINGS: ReadonlySet<Domain> = new Set(['bindings']);

/** Resolves the paths of one expression in its scope. */
export function resolverFor(scope: ResolveScope): Resolver {
  return {
    path: (text, args, span) => resolvePath(scope, text, args, span),
    binding(name, span) {
      if (!scope.isBound(name))
        throw new ExpressionError(
          `$${name} is not bound here`,
          span,
          'a step before it must have "as" or "let" with this name',
        );
      return { type: 'any', read: () => scope.binding(name) ?? null, domains: BINDINGS };
    },
  };
}

function resolvePath(scope: ResolveScope, text: string, args: readonly CallArgs[], span: Span): Compiled {
  const wrapped = args[0] === undefined ? undefined : wrapperOf(text, args[0]);
  if (text === 'mode') return { type: 'name', read: () => scope.mode ?? null, domains: new Set() };
  if (wrapped === undefined && !text.includes('.') && args.length === 0) return name(text);
  const { subjectText, property, size, own } = splitPath(text, args, wrapped, span);
  const candidates =
    wrapped === undefined
      ? candidatesFor(subjectText, scope.catalog)
      : wrappedCandidates(scope, wrapped, args[0]!.args, span);
  if (candidates.length === 0) throw unknownSubject(subjectText, scope.catalog, span);
  const { candidate, observable } = choose(candidates, property, subjectText, span);
  check(scope, candidate, observable, own, span);
  const value = compiled(scope, candidate.subject, observable, own, size, span);
  const { name: of, replica } = candidate.subject;
  const written = wrapped === undefined ? subjectText : `${wrapped}(${args[0]!.args.join(', ')})`;
  const path = `${written}.${property}${own.length === 0 ? '' : `(${own.join(', ')})`}${size ? '.size' : ''}`;
  scope.onSubject?.({ kind: candidate.kind, name: of, path, property, replica, args: own, ...value });
  return value;
}

function wrapperOf(text: string, first: CallArgs): string | undefined {
  const word = text.slice(0, first.at);
  return word in WRAPPERS ? word : undefined;
}

function wrappedCandidates(
  scope: ResolveScope,
  wrapper: string,
  args: readonly string[],
  span: Span,
): readonly Candidate[] {
  if (args.length === 0 || args[0] === '') throw new ExpressionError(`${wrapper}() needs a name`, span);
  const candidate = WRAPPERS[wrapper]!(args, scope);
  if (candidate === undefined) throw new ExpressionError(`there is no ${wrapper} "${args[0]}"`, span);
  checkName(candidate, scope.catalog, span);
  return [candidate];
}

/** A name that `topic(x)` or its like gives must exist, as far as the kind has declared names. */
function checkName({ kind, subject }: Candidate, catalog: Catalog, span: Span): void {
  const known = knownNames(kind, catalog);
  if (known === undefined || known.includes(subject.name)) return;
  const hint = nearest(subject.name, known);
  throw new ExpressionError(`there is no ${kind} "${subject.name}"`, span, hint ? `did you mean ${hint}?` : undefined);
}

function knownNames(kind: SubjectKind, catalog: Catalog): readonly string[] | undefined {
  switch (kind) {
    case 'topic':
      return [...catalog.topics().keys()];
    case 'group':
      return [...catalog.groups()];
    case 'node':
      return allNodes(catalog);
    case 'partition':
      return [...catalog.topics()].flatMap(([topic, partitions]) =>
        Array.from({ length: partitions }, (_, partition) => partitionName({ topic, partition })),
      );
    default:
      return undefined;
  }
}

interface SplitPath {
  readonly subjectText: string;
  readonly property: string;
  readonly size: boolean;
  readonly own: readonly string[];
}

/** `orders-0.isr.size` → subject, property, and whether the size is meant; arguments behind the property are its own. */
function splitPath(text: string, args: readonly CallArgs[], wrapper: string | undefined, span: Span): SplitPath {
  // `quorum.size` is a value of its own; everywhere else `.size` counts the members of a set.
  const size = text.endsWith('.size') && text.indexOf('.') < text.length - '.size'.length;
  const path = size ? text.slice(0, -'.size'.length) : text;
  const dot = path.lastIndexOf('.');
  if (dot < 0) {
    const wanted = wrapper === undefined ? `${path}.…` : `${wrapper}(…).…`;
    throw new ExpressionError(`"${text}" names a thing, not one of its values`, span, `write ${wanted}`);
  }
  const behind = args.filter(({ at }) => at > dot);
  return { subjectText: path.slice(0, dot), property: path.slice(dot + 1), size, own: behind[0]?.args ?? [] };
}

/** Everything that this name may mean. */
function candidatesFor(text: string, catalog: Catalog): readonly Candidate[] {
  const at = /^(.+)@(\d+)$/.exec(text);
  const plain = at ? at[1]! : text;
  const replica = at ? Number(at[2]) : undefined;
  const found: Candidate[] = [];
  const single = SINGLE.find((kind) => kind === plain);
  if (single !== undefined) found.push({ kind: single, subject: { name: plain, replica } });
  const partition = parsePartition(plain);
  if (partition !== undefined && partition.partition < (catalog.topics().get(partition.topic) ?? 0))
    found.push({ kind: 'partition', subject: { name: partitionName(partition), replica } });
  if (catalog.topics().has(plain)) found.push({ kind: 'topic', subject: { name: plain, replica } });
  if (catalog.groups().has(plain)) found.push({ kind: 'group', subject: { name: plain, replica } });
  const client = clientCandidate(plain, catalog);
  if (
    client !== undefined &&
    !found.some(({ kind, subject }) => kind === client.kind && subject.name === client.subject.name)
  )
    found.push(client);
  const node = nodeName(plain);
  if (allNodes(catalog).includes(node)) found.push({ kind: 'node', subject: { name: node, replica } });
  return found;
}

/** The kinds of things that are called so: several, where the name is not unique. */
export function kindsOf(text: string, catalog: Catalog): readonly SubjectKind[] {
  return candidatesFor(text, catalog).map(({ kind }) => kind);
}

/** A client that produces is one; a consumer stands for its group. */
function clientCandidate(text: string, catalog: Catalog): Candidate | undefined {
  const { client } = parseMember(text);
  const declared = catalog.clients().get(client);
  if (declared === undefined)
    return catalog.realClients().has(text)
      ? { kind: 'real client', subject: { name: text, replica: undefined } }
      : undefined;
  if (declared.kind === 'consumer')
    return declared.group === null
      ? undefined
      : { kind: 'group', subject: { name: declared.group, replica: undefined } };
  return { kind: 'producer', subject: { name: client, replica: undefined } };
}

function choose(candidates: readonly Candidate[], property: string, text: string, span: Span) {
  const fitting = candidates.flatMap((candidate) => {
    const observable = OBSERVABLES[candidate.kind].find((known) => known.name === property);
    return observable === undefined ? [] : [{ candidate, observable }];
  });
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length > 1) {
    const ways = fitting.map(
      ({ candidate }) =>
        `${/client|producer/.test(candidate.kind) ? 'client' : candidate.kind}(${candidate.subject.name})`,
    );
    throw new ExpressionError(`"${text}" is not unique`, span, `write ${ways.join(' or ')}`);
  }
  const known = candidates.flatMap(({ kind }) => OBSERVABLES[kind].map((observable) => observable.name));
  const hint = nearest(property, known);
  throw new ExpressionError(
    `${text} has no "${property}"`,
    span,
    hint ? `did you mean ${text}.${hint}?` : `it has ${known.join(', ')}`,
  );
}

function unknownSubject(text: string, catalog: Catalog, span: Span): ExpressionError {
  const plain = text.replace(/@\d+$/, '');
  const partition = parsePartition(plain);
  const partitions = partition && catalog.topics().get(partition.topic);
  if (partition !== undefined && partitions !== undefined)
    return new ExpressionError(
      `topic ${partition.topic} has partitions 0 to ${partitions - 1}`,
      span,
      `did you mean ${partition.topic}-0?`,
    );
  const dot = plain.lastIndexOf('.');
  const before = dot < 0 ? [] : candidatesFor(plain.slice(0, dot), catalog);
  const values = before.flatMap(({ kind }) => OBSERVABLES[kind]).filter(({ name }) => name === plain.slice(dot + 1));
  if (values.length > 0)
    return new ExpressionError(
      `${plain} has no values of its own`,
      span,
      values[0]!.type === 'set' ? `did you mean ${plain}.size?` : `write ${plain}`,
    );
  const names = [
    ...SINGLE,
    ...catalog.topics().keys(),
    ...(knownNames('partition', catalog) ?? []),
    ...catalog.groups(),
    ...catalog.clients().keys(),
    ...catalog.realClients(),
    ...allNodes(catalog),
  ];
  const hint = nearest(plain, names);
  return new ExpressionError(`nothing here is called "${plain}"`, span, hint ? `did you mean ${hint}?` : undefined);
}

function check(
  scope: ResolveScope,
  { subject, kind }: Candidate,
  observable: Observable,
  own: readonly string[],
  span: Span,
): void {
  const { modes, args, finallyOnly, atReplica, name: property } = observable;
  const judgedIn: readonly Mode[] = scope.mode === undefined ? ['kraft', 'zookeeper'] : [scope.mode];
  const missing = modes && judgedIn.find((mode) => !modes.includes(mode));
  if (missing !== undefined)
    throw new ExpressionError(
      `${kind} has no "${property}" in ${missing} mode`,
      span,
      `name the modes of the file, or say "if: mode == ${modes![0]}"`,
    );
  if (finallyOnly && scope.place !== 'finally')
    throw new ExpressionError(
      `${subject.name}.${property} can only be judged at the end`,
      span,
      'put it under "finally:"',
    );
  if (subject.replica !== undefined && !atReplica)
    throw new ExpressionError(`${property} is not asked of one replica`, span);
  const [least, most] = args ?? [0, 0];
  if (own.length < least || own.length > most)
    throw new ExpressionError(
      most === 0
        ? `${property} takes no arguments`
        : `${property} takes ${least === most ? least : `${least} or ${most}`} arguments`,
      span,
    );
}

function compiled(
  scope: ResolveScope,
  subject: Subject,
  observable: Observable,
  own: readonly string[],
  size: boolean,
  span: Span,
): Compiled {
  if (size && observable.type !== 'set')
    throw new ExpressionError(`${observable.name} is not a set`, span, 'only sets have a .size');
  const { model } = scope;
  const read = (): Value => (model === undefined ? null : observable.read(model, subject, own));
  const domains = new Set(observable.domains);
  if (!size) return { type: observable.type, read, domains };
  return {
    type: 'number',
    read() {
      const set = read();
      return Array.isArray(set) ? set.length : null;
    },
    domains,
  };
}

/** A bare word: a node, a state, an error's name. */
function name(text: string): Compiled {
  const value = nodeValue(text);
  return { type: typeof value === 'number' ? 'any' : 'name', read: () => value, domains: new Set() };
}
