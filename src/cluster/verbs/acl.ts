import { z } from 'zod';
import { CLUSTER_NAME, OPERATION_NAMES, PatternType, Permission, ResourceType } from '../../protocol/acl.ts';
import { CreateAcls } from '../../protocol/apis/30-create-acls.ts';
import { DeleteAcls } from '../../protocol/apis/31-delete-acls.ts';
import { administer } from './administration.ts';
import * as argument from './arguments.ts';
import type { Verb } from './verb.ts';

const args = z.strictObject({
  allow: argument.text().optional(),
  deny: argument.text().optional(),
  operation: argument.text().default('All'),
  topic: argument.text().optional(),
  group: argument.text().optional(),
  transactionalId: argument.text().optional(),
  cluster: z.literal(true).optional(),
  prefixed: z.literal(true).optional(),
  host: argument.text().default('*'),
  remove: z.literal(true).optional(),
});

export const acl: Verb<typeof args> = {
  name: 'acl',
  family: 'administration',
  summary: 'allows a client something, or denies it',
  details:
    'Brokers ask ACLs where `authorizer.class.name` is set. A client is `User:` and its name, and `*` is everybody. `topic`, `group` and `transactionalId` take a name, `*`, or with `prefixed` the beginning of names; `cluster` is the cluster itself. `remove` takes the ACL back.',
  examples: [
    {
      yaml: 'acl: { allow: web, operation: Write, topic: orders }',
      prompt: 'acl --allow web --operation Write --topic orders',
    },
    {
      yaml: 'acl: { deny: billing, topic: pay, prefixed: true }',
      prompt: 'acl --deny billing --topic pay --prefixed',
    },
  ],
  subject: null,
  args,
  fault: false,
  apply(run, given) {
    const { allow, deny, operation, host, prefixed, remove } = given;
    if ((allow === undefined) === (deny === undefined)) return run.fail('say either "allow" or "deny"');
    const resources = resourcesOf(given);
    if (resources.length !== 1) return run.fail('say one of "topic", "group", "transactionalId" and "cluster"');
    const code = OPERATION_NAMES.findIndex((name) => name.toLowerCase() === operation.toLowerCase());
    if (code < 2)
      return run.fail(`there is no operation ${operation}; there are ${OPERATION_NAMES.slice(2).join(', ')}`);
    const who = allow ?? deny!;
    const { type: resourceType, name: resourceName } = resources[0]!;
    const rule = {
      principal: who.includes(':') ? who : `User:${who}`,
      host,
      operation: code,
      permissionType: allow === undefined ? Permission.deny : Permission.allow,
    };
    const patternType = prefixed === true ? PatternType.prefixed : PatternType.literal;
    const done = () => run.done({ resolved: [rule.principal] });
    if (remove !== true) {
      const creations = [{ ...rule, resourceType, resourceName, resourcePatternType: patternType }];
      administer(run, CreateAcls, CreateAcls.request.make({ creations }), null, ({ results }) => results, done);
      return;
    }
    const filter = {
      resourceTypeFilter: resourceType,
      resourceNameFilter: resourceName,
      patternTypeFilter: patternType,
      principalFilter: rule.principal,
      hostFilter: host,
      operation: code,
      permissionType: rule.permissionType,
    };
    const body = DeleteAcls.request.make({ filters: [filter] });
    administer(
      run,
      DeleteAcls,
      body,
      null,
      ({ filterResults }) => filterResults,
      ({ filterResults }) => {
        if (filterResults[0]!.matchingAcls.length === 0) run.noEffect([rule.principal], 'there is no such ACL');
        else done();
      },
    );
  },
};

interface Resource {
  readonly type: number;
  readonly name: string;
}

function resourcesOf({ topic, group, transactionalId, cluster }: z.output<typeof args>): Resource[] {
  const named: readonly [type: number, name: string | undefined][] = [
    [ResourceType.topic, topic],
    [ResourceType.group, group],
    [ResourceType.transactionalId, transactionalId],
    [ResourceType.cluster, cluster === true ? CLUSTER_NAME : undefined],
  ];
  return named.flatMap(([type, name]) => (name === undefined ? [] : { type, name }));
}
