import {
  CLUSTER_NAME,
  OPERATION_NAMES,
  Operation,
  PATTERN_TYPE_NAMES,
  PatternType,
  Permission,
  ResourceType,
  WILDCARD,
} from '../../protocol/acl.ts';
import { DescribeAcls } from '../../protocol/apis/29-describe-acls.ts';
import { CreateAcls } from '../../protocol/apis/30-create-acls.ts';
import { DeleteAcls } from '../../protocol/apis/31-delete-acls.ts';
import { aclData, type Entry, entryText, type Resource, resourceText } from './acl-text.ts';
import { javaText, PlainError, refuse, ToolError, UsageError } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

const PATTERNS = ['literal', 'prefixed', 'match', 'any'];

/** AclCommand. */
export const acls: Tool = {
  name: 'kafka-acls',
  summary: 'lists, adds and removes ACLs',
  differs: 'It never asks whether one is sure. ACLs come in the order of their resources, principals and operations.',
  options: [
    { name: 'list', about: 'lists them' },
    { name: 'add', about: 'adds some' },
    { name: 'remove', about: 'removes some, or all of a resource' },
    {
      name: 'topic',
      value: 'NAME',
      completes: 'topic',
      about: 'of which topic; * means any. Repeatable, as the next four',
    },
    { name: 'group', value: 'NAME', completes: 'group', about: 'of which group' },
    { name: 'transactional-id', value: 'ID', about: 'of which transactional id' },
    { name: 'cluster', about: 'of the cluster itself' },
    { name: 'resource-pattern-type', value: 'TYPE', completes: PATTERNS, about: 'literal, unless said otherwise' },
    { name: 'allow-principal', value: 'User:NAME', about: 'who may; repeatable' },
    { name: 'deny-principal', value: 'User:NAME', about: 'who may not; repeatable' },
    { name: 'allow-host', value: 'ADDRESS', about: 'from where; anywhere, if left out' },
    { name: 'deny-host', value: 'ADDRESS', about: 'from where not' },
    {
      name: 'operation',
      value: 'NAME',
      completes: OPERATION_NAMES.slice(2),
      about: 'what; All, if left out; repeatable',
    },
    { name: 'producer', about: 'what a producer needs: Write, Describe and Create' },
    { name: 'consumer', about: 'what a consumer needs: Read and Describe, and Read of its group' },
    { name: 'idempotent', about: 'with --producer: IdempotentWrite of the cluster, too' },
    { name: 'principal', value: 'User:NAME', about: 'list only theirs; repeatable' },
    { name: 'force', about: 'taken, and not needed' },
  ],
  refuses: {
    'delegation-token': 'there are no delegation tokens here',
    'user-principal': 'it is for delegation tokens, and there are none here',
  },
  examples: [
    'kafka-acls --add --allow-principal User:alice --operation Read --topic orders',
    'kafka-acls --add --allow-principal User:billing --consumer --topic orders --group billing',
    'kafka-acls --list --topic orders',
  ],
  *run(call) {
    const action = call.args.exactlyOne(
      ['add', 'list', 'remove'],
      'Command must include exactly one action: --list, --add, --remove. ',
    );
    checkRoles(call);
    try {
      if (action === 'add') yield* add(call);
      else if (action === 'list') yield* list(call);
      else yield* remove(call);
    } catch (thrown) {
      if (!(thrown instanceof ToolError) || thrown instanceof UsageError) throw thrown;
      const why = thrown instanceof PlainError ? thrown.message : javaText(thrown);
      throw new PlainError(`Error while executing ACL command: ${why}`);
    }
  },
};

function resourcesOf({ args }: ToolCall): readonly Resource[] {
  const wanted = (args.get('resource-pattern-type') ?? 'literal').toUpperCase();
  const pattern = PATTERN_TYPE_NAMES.indexOf(wanted);
  if (pattern < 1)
    throw new PlainError(
      `Cannot parse argument '${args.get('resource-pattern-type')}' of option resource-pattern-type`,
    );
  if (args.has('add') && pattern !== PatternType.literal && pattern !== PatternType.prefixed)
    throw new UsageError(`A '--resource-pattern-type' value of '${wanted}' is not valid when adding acls.`);
  const named = (option: string, type: number) =>
    args.all(option).map((name) => ({ type, name: name.trim(), pattern }));
  return [
    ...named('group', ResourceType.group),
    ...named('topic', ResourceType.topic),
    ...named('transactional-id', ResourceType.transactionalId),
    ...(args.has('cluster') ? [{ type: ResourceType.cluster, name: CLUSTER_NAME, pattern: PatternType.literal }] : []),
  ];
}

/** What producers and consumers need is of a topic, and of a group. */
function checkRoles({ args }: ToolCall): void {
  const other = args.has('cluster') || args.has('transactional-id');
  if (args.has('producer') && !args.has('topic')) throw new UsageError('With --producer you must specify a --topic');
  if (args.has('idempotent') && !args.has('producer'))
    throw new UsageError('The --idempotent option is only available if --producer is set');
  if (args.has('consumer') && (!args.has('topic') || !args.has('group') || (!args.has('producer') && other)))
    throw new UsageError(
      'With --consumer you must specify a --topic and a --group and no --cluster or --transactional-id option should be specified.',
    );
}

/** What the options say about each resource. Throws `UsageError`. */
function rulesOf(call: ToolCall): readonly { readonly resource: Resource; readonly entries: readonly Entry[] }[] {
  const { args } = call;
  const resources = resourcesOf(call);
  if (args.has('idempotent') && !resources.some(({ type }) => type === ResourceType.cluster))
    return rulesFor(call, [
      ...resources,
      { type: ResourceType.cluster, name: CLUSTER_NAME, pattern: PatternType.literal },
    ]);
  return rulesFor(call, resources);
}

function rulesFor(call: ToolCall, resources: readonly Resource[]) {
  const rules = resources.map((resource) => ({
    resource,
    entries: operationsFor(call, resource.type).flatMap((operation) => entriesFor(call, operation)),
  }));
  return rules.filter(({ entries }) => entries.length > 0);
}

function operationsFor({ args }: ToolCall, type: number): readonly number[] {
  if (!args.has('producer') && !args.has('consumer'))
    return args.has('operation') ? args.all('operation').map(readOperation) : [Operation.all];
  const { describe, write, create, read, idempotentWrite } = Operation;
  const producer =
    type === ResourceType.topic
      ? [describe, write, create]
      : type === ResourceType.transactionalId
        ? [describe, write]
        : type === ResourceType.cluster && args.has('idempotent')
          ? [idempotentWrite]
          : [];
  const consumer = type === ResourceType.topic ? [describe, read] : type === ResourceType.group ? [read] : [];
  return [...new Set([...(args.has('producer') ? producer : []), ...(args.has('consumer') ? consumer : [])])];
}

function readOperation(name: string): number {
  const number = OPERATION_NAMES.findIndex((known) => known.toLowerCase() === name.toLowerCase());
  if (number < 2) throw new UsageError(`${name} is no operation; there are ${OPERATION_NAMES.slice(2).join(', ')}`);
  return number;
}

function entriesFor({ args }: ToolCall, operation: number): readonly Entry[] {
  const side = (who: string, host: string, permissionType: number) =>
    args.all(who).flatMap((principal) => {
      if (!/^\w+:.+$/.test(principal))
        throw new PlainError(`expected a string in format principalType:principalName but got ${principal}`);
      const hosts = args.has(host) ? args.all(host) : [WILDCARD];
      return hosts.map((from) => ({ principal, host: from, operation, permissionType }));
    });
  return [
    ...side('allow-principal', 'allow-host', Permission.allow),
    ...side('deny-principal', 'deny-host', Permission.deny),
  ];
}

function* add(call: ToolCall): Steps<void> {
  const { admin, args, print, older } = call;
  if (!args.has('allow-principal') && !args.has('deny-principal'))
    throw new UsageError('You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.');
  needResource(call);
  const rules = rulesOf(call);
  // The tool of 3.9 says it before it asks.
  const say = (): void => {
    for (const { resource, entries } of rules) {
      const [first, ...rest] = entries.map(entryText);
      print(`Adding ACLs for resource ${resourceText(resource)}: `, ` ${first}`, ...rest, '');
    }
  };
  if (older) say();
  const creations = rules.flatMap(({ resource: { type, name, pattern }, entries }) =>
    entries.map((entry) => ({ ...entry, resourceType: type, resourceName: name, resourcePatternType: pattern })),
  );
  const { results } = yield* ask(admin, CreateAcls, CreateAcls.request.make({ creations }), { kind: 'controller' });
  for (const { errorCode, errorMessage } of results) refuse(errorCode, errorMessage);
  if (!older) say();
}

function needResource(call: ToolCall): void {
  if (resourcesOf(call).length === 0)
    throw new UsageError(
      'You must provide at least one resource: --topic <topic> or --cluster or --group <group> or --delegation-token <Delegation Token ID>',
    );
}

const EVERYTHING: Resource = { type: ResourceType.any, name: '', pattern: PatternType.any };

function filterOf({ type, name, pattern }: Resource, entry: Partial<Entry> = {}) {
  return {
    resourceTypeFilter: type,
    resourceNameFilter: type === ResourceType.any ? null : name,
    patternTypeFilter: pattern,
    principalFilter: entry.principal ?? null,
    hostFilter: entry.host ?? null,
    operation: entry.operation ?? Operation.any,
    permissionType: entry.permissionType ?? Permission.any,
  };
}

function* list(call: ToolCall): Steps<void> {
  const { args, print, data } = call;
  const resources = resourcesOf(call);
  const principals = args.has('principal') ? args.all('principal') : [undefined];
  for (const principal of principals) {
    if (principal !== undefined) print(`ACLs for principal \`${principal}\``);
    const found: [Resource, Entry[]][] = [];
    for (const resource of resources.length > 0 ? resources : [EVERYTHING]) {
      const body = DescribeAcls.request.make(filterOf(resource, principal === undefined ? {} : { principal }));
      const response = yield* ask(call.admin, DescribeAcls, body, { kind: 'any' });
      refuse(response.errorCode, response.errorMessage);
      for (const { resourceType: type, resourceName: name, patternType: pattern, acls: entries } of response.resources)
        found.push([{ type, name, pattern }, [...entries]]);
    }
    found.sort(([one], [other]) => compareText(resourceText(one), resourceText(other)));
    for (const [resource, entries] of found) {
      data(...entries.map((entry) => aclData(resource, entry)));
      print(`Current ACLs for resource ${resourceText(resource)}:`, ...entries.map(entryText).sort(compareText), '');
    }
  }
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Without a principal, every ACL of the resources. */
function* remove(call: ToolCall): Steps<void> {
  const { admin, args } = call;
  needResource(call);
  const named = args.has('allow-principal') || args.has('deny-principal');
  const filters = named
    ? rulesOf(call).flatMap(({ resource, entries }) => entries.map((entry) => filterOf(resource, entry)))
    : resourcesOf(call).map((resource) => filterOf(resource));
  const { filterResults } = yield* ask(admin, DeleteAcls, DeleteAcls.request.make({ filters }), { kind: 'controller' });
  for (const { errorCode, errorMessage } of filterResults) refuse(errorCode, errorMessage);
}
