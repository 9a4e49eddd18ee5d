/** ACLs, quotas and SCRAM credentials: what the authority keeps of them, and every broker learns, in both modes. */
import { describe, expect, it } from 'vitest';
import { hostHashing } from '../../src/gateway/hashing.ts';
import { Operation, PatternType, Permission, ResourceType } from '../../src/protocol/acl.ts';
import { type AclCreation, CreateAcls, type CreateAclsResponse } from '../../src/protocol/apis/30-create-acls.ts';
import { DeleteAcls, type DeleteAclsResponse } from '../../src/protocol/apis/31-delete-acls.ts';
import { AlterClientQuotas, type AlterClientQuotasResponse } from '../../src/protocol/apis/49-alter-client-quotas.ts';
import {
  AlterUserScramCredentials,
  type AlterUserScramCredentialsResponse,
} from '../../src/protocol/apis/51-alter-user-scram-credentials.ts';
import { ErrorCode, errorName } from '../../src/protocol/errors.ts';
import type { Api } from '../../src/protocol/schema.ts';
import { credentialOfPassword, scramMechanism } from '../../src/protocol/scram.ts';
import { CoordinationCluster, type Mode } from './coordination-cluster.ts';

const AUTHORIZER = { 'authorizer.class.name': 'authorizer' };

function serving(mode: Mode, config: Readonly<Record<string, string>> = AUTHORIZER): CoordinationCluster {
  const cluster = new CoordinationCluster(mode, { config });
  cluster.untilServing();
  return cluster;
}

const ask = <R>(cluster: CoordinationCluster, api: unknown, body: unknown): R =>
  cluster.ask(api as Api, (api as Api).versions.max, () => body, notController) as R;

const notController = (response: unknown): boolean =>
  JSON.stringify(response).includes(`"errorCode":${ErrorCode.NOT_CONTROLLER}`);

const rule = (over: Partial<AclCreation> = {}): AclCreation => ({
  resourceType: ResourceType.topic,
  resourceName: 'orders',
  resourcePatternType: PatternType.literal,
  principal: 'User:alice',
  host: '*',
  operation: Operation.read,
  permissionType: Permission.allow,
  ...over,
});

const security = (cluster: CoordinationCluster, id: number) => cluster.broker(id).coordination.image.security;

const everywhere = (cluster: CoordinationCluster, what: string, holds: (id: number) => boolean) =>
  cluster.until(
    what,
    () => [1, 2, 3].every((id) => cluster.node(`broker-${id}`).state !== 'running' || holds(id)),
    5000,
  );

describe.each<Mode>(['kraft', 'zookeeper'])('security of %s', (mode) => {
  it('creates ACLs that every broker learns, once each', () => {
    const cluster = serving(mode);
    const prefixed = { resourcePatternType: PatternType.prefixed, resourceName: 'pay', principal: 'User:b,o' };
    const creations = [rule(), rule(), rule(prefixed), rule({ operation: Operation.write })];
    const { results } = ask<CreateAclsResponse>(cluster, CreateAcls, CreateAcls.request.make({ creations }));
    expect(results.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0, 0]);
    everywhere(cluster, 'three ACLs', (id) => security(cluster, id).acls.size === 3);
    const wish = { principal: 'User:alice', host: 'h', resourceType: ResourceType.topic, resourceName: 'orders' };
    for (const id of [1, 2, 3]) {
      const { acls } = security(cluster, id);
      expect(acls.decide({ ...wish, operation: Operation.describe })).toBe('allowed');
      expect(acls.decide({ ...wish, operation: Operation.delete })).toBe('denied');
      expect(acls.decide({ ...wish, operation: Operation.read, resourceName: 'payments' })).toBe('denied');
      expect(acls.decide({ ...wish, operation: Operation.read, resourceName: 'other' })).toBe('no-rules');
    }
    expect(cluster.eventsOf('acl-changed')).toHaveLength(3);
    expect(cluster.eventsOf('acl-changed')[0]).toMatchObject({ principal: 'User:alice', name: 'orders', exists: true });
    ask(cluster, CreateAcls, CreateAcls.request.make({ creations: [rule()] }));
    cluster.run(500);
    expect(cluster.eventsOf('acl-changed')).toHaveLength(3);
  });

  it('refuses rules that cannot be, and takes the others of the request', () => {
    const cluster = serving(mode);
    const creations = [
      rule({ principal: 'alice' }),
      rule({ resourceType: ResourceType.cluster }),
      rule({ resourceName: '' }),
      rule({ operation: Operation.any }),
      rule({ resourcePatternType: PatternType.match }),
      rule(),
    ];
    const { results } = ask<CreateAclsResponse>(cluster, CreateAcls, CreateAcls.request.make({ creations }));
    expect(results.map(({ errorCode }) => errorName(errorCode))).toEqual([...Array(5).fill('INVALID_REQUEST'), 'NONE']);
    everywhere(cluster, 'one ACL', (id) => security(cluster, id).acls.size === 1);
  });

  it('deletes what filters match, and says what that was', () => {
    const cluster = serving(mode);
    const creations = [rule(), rule({ operation: Operation.write }), rule({ principal: 'User:bob' })];
    ask(cluster, CreateAcls, CreateAcls.request.make({ creations }));
    everywhere(cluster, 'three ACLs', (id) => security(cluster, id).acls.size === 3);
    const filter = {
      resourceTypeFilter: ResourceType.any,
      resourceNameFilter: null,
      patternTypeFilter: PatternType.any,
      principalFilter: 'User:alice',
      hostFilter: null,
      operation: Operation.any,
      permissionType: Permission.any,
    };
    const filters = [filter, { ...filter, principalFilter: 'User:nobody' }, { ...filter, operation: 0 }];
    const answer = ask<DeleteAclsResponse>(cluster, DeleteAcls, DeleteAcls.request.make({ filters }));
    expect(answer.filterResults.map(({ errorCode, matchingAcls }) => [errorCode, matchingAcls.length])).toEqual([
      [0, 2],
      [0, 0],
      [ErrorCode.INVALID_REQUEST, 0],
    ]);
    everywhere(cluster, 'one is left', (id) => security(cluster, id).acls.size === 1);
    expect(cluster.eventsOf('acl-changed').filter(({ exists }) => exists === false)).toHaveLength(2);
  });

  it('has no ACLs without an authorizer', () => {
    const cluster = serving(mode, {});
    const body = CreateAcls.request.make({ creations: [rule()] });
    const { results } = ask<CreateAclsResponse>(cluster, CreateAcls, body);
    expect(errorName(results[0]!.errorCode)).toBe('SECURITY_DISABLED');
  });

  it('sets, changes and removes quotas', () => {
    const cluster = serving(mode);
    const entity = [
      { entityType: 'user', entityName: 'al/ice *' },
      { entityType: 'client-id', entityName: null },
    ];
    const set = (key: string, value: number, remove = false) => ({ key, value, remove });
    const alter = (ops: ReturnType<typeof set>[], of = entity) =>
      ask<AlterClientQuotasResponse>(
        cluster,
        AlterClientQuotas,
        AlterClientQuotas.request.make({ entries: [{ entity: of, ops }] }),
      ).entries[0]!;
    expect(alter([set('producer_byte_rate', 1024), set('request_percentage', 12.5)]).errorCode).toBe(0);
    const key = new Map<string, string | null>([
      ['user', 'al/ice *'],
      ['client-id', null],
    ]);
    everywhere(cluster, 'the quota', (id) => security(cluster, id).quotasOf(key).size === 2);
    for (const id of [1, 2, 3]) {
      expect([...security(cluster, id).quotasOf(key)]).toEqual([
        ['producer_byte_rate', 1024],
        ['request_percentage', 12.5],
      ]);
    }
    alter([set('producer_byte_rate', 0, true)]);
    everywhere(cluster, 'one quota', (id) => security(cluster, id).quotasOf(key).size === 1);
    for (const wrong of [set('producer_byte_rate', 1.5), set('speed', 1), set('request_percentage', 0)])
      expect(errorName(alter([wrong]).errorCode)).toBe('INVALID_REQUEST');
    expect(errorName(alter([], [{ entityType: 'team', entityName: 'a' }]).errorCode)).toBe('INVALID_REQUEST');
    expect(cluster.eventsOf('quota-changed').at(-1)).toMatchObject({
      entity: 'user=al/ice *,client-id=<default>',
      name: 'producer_byte_rate',
      value: null,
    });
  });

  it('keeps SCRAM credentials as keys, and forgets them when told', () => {
    const cluster = serving(mode);
    const mechanism = scramMechanism('SCRAM-SHA-256')!;
    const salt = new Uint8Array([1, 2, 3, 4]);
    const wish = { name: 'alice', mechanism: mechanism.type, iterations: 4096, salt };
    const saltedPassword = hostHashing.pbkdf2('sha256', 'secret', salt, 4096);
    const alter = (body: Parameters<typeof AlterUserScramCredentials.request.make>[0]) =>
      ask<AlterUserScramCredentialsResponse>(
        cluster,
        AlterUserScramCredentials,
        AlterUserScramCredentials.request.make(body),
      ).results.map(({ user, errorCode }) => `${user} ${errorName(errorCode)}`);
    expect(
      alter({
        upsertions: [
          { ...wish, saltedPassword },
          { ...wish, name: 'bob', iterations: 10, saltedPassword },
          { ...wish, name: 'eve', mechanism: 9, saltedPassword },
        ],
        deletions: [{ name: 'zoe', mechanism: 1 }],
      }).sort(),
    ).toEqual([
      'alice NONE',
      'bob UNACCEPTABLE_CREDENTIAL',
      'eve UNSUPPORTED_SASL_MECHANISM',
      'zoe RESOURCE_NOT_FOUND',
    ]);
    everywhere(cluster, 'the credential', (id) => security(cluster, id).scram.size === 1);
    const expected = credentialOfPassword(hostHashing, mechanism, 'secret', { salt, iterations: 4096 });
    expect(security(cluster, 2).scram.get('alice')!.get(1)).toEqual(expected);
    expect(alter({ deletions: [{ name: 'alice', mechanism: 1 }] })).toEqual(['alice NONE']);
    everywhere(cluster, 'no credential', (id) => security(cluster, id).scram.size === 0);
    expect(cluster.eventsOf('credential-changed').map(({ user, exists }) => [user, exists])).toEqual([
      ['alice', true],
      ['alice', false],
    ]);
  });

  it('keeps all of it through a restart and another controller', () => {
    const cluster = serving(mode);
    ask(cluster, CreateAcls, CreateAcls.request.make({ creations: [rule()] }));
    const ops = [{ key: 'consumer_byte_rate', value: 5, remove: false }];
    const entries = [{ entity: [{ entityType: 'user', entityName: 'alice' }], ops }];
    ask(cluster, AlterClientQuotas, AlterClientQuotas.request.make({ entries }));
    everywhere(
      cluster,
      'all of it',
      (id) => security(cluster, id).quotas.size === 1 && security(cluster, id).acls.size === 1,
    );
    const former = cluster.controller();
    cluster.node(former).kill();
    cluster.until('another controller', () => cluster.controller() !== former, 40_000);
    const restarted = former === 'broker-3' ? 2 : 3;
    cluster.node(`broker-${restarted}`).kill();
    cluster.run(30_000);
    cluster.startBroker(restarted);
    cluster.until('it serves', () => cluster.broker(restarted).serving, 40_000);
    expect(security(cluster, restarted).quotas.size).toBe(1);
    expect(security(cluster, restarted).acls.size).toBe(1);
  });
});
