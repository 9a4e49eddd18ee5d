/** The rules of Kafka's authorizers, as a table. */
import { describe, expect, test } from 'vitest';
import { AclSet } from '../../src/coordinator/security/acl-set.ts';
import {
  type AclBinding,
  aclKey,
  matchesFilter,
  Operation,
  PatternType,
  Permission,
  ResourceType,
} from '../../src/protocol/acl.ts';

/** `allow alice read topic orders`, `deny * write topic pay* from 10.0.0.1`. */
function rule(text: string): AclBinding {
  const [permission, who, operation, type, name, , host] = text.split(' ');
  const prefixed = name!.length > 1 && name!.endsWith('*');
  return {
    permissionType: permission === 'deny' ? Permission.deny : Permission.allow,
    principal: `User:${who}`,
    operation: Operation[operation as keyof typeof Operation],
    resourceType: ResourceType[type as keyof typeof ResourceType],
    resourceName: prefixed ? name!.slice(0, -1) : name!,
    patternType: prefixed ? PatternType.prefixed : PatternType.literal,
    host: host ?? '*',
  };
}

const setOf = (...rules: string[]) => new AclSet(new Map(rules.map(rule).map((acl) => [aclKey(acl), acl])));

/** `alice read topic orders [from 10.0.0.1]`. */
function wish(text: string) {
  const { principal, operation, resourceType, resourceName, host } = rule(`allow ${text}`);
  return { principal, operation, resourceType, resourceName, host: host === '*' ? '127.0.0.1' : host };
}

const TABLE: readonly [rules: readonly string[], wish: string, decision: string][] = [
  [[], 'alice read topic orders', 'no-rules'],
  [['allow alice read topic orders'], 'alice read topic orders', 'allowed'],
  [['allow alice read topic orders'], 'bob read topic orders', 'denied'],
  [['allow alice read topic orders'], 'bob read topic other', 'no-rules'],
  [['allow alice read topic orders'], 'alice read group orders', 'no-rules'],
  [['allow alice write topic orders'], 'alice read topic orders', 'denied'],
  [['allow * read topic orders'], 'bob read topic orders', 'allowed'],
  [['allow alice read topic *'], 'alice read topic orders', 'allowed'],
  [['allow alice read topic ord*'], 'alice read topic orders', 'allowed'],
  [['allow alice read topic ord*'], 'alice read topic or', 'no-rules'],
  [['allow bob read topic ord*'], 'alice read topic orders', 'denied'],
  [['allow alice all topic orders'], 'alice alterConfigs topic orders', 'allowed'],
  // Hosts.
  [['allow alice read topic orders from 10.0.0.1'], 'alice read topic orders from 10.0.0.1', 'allowed'],
  [['allow alice read topic orders from 10.0.0.1'], 'alice read topic orders from 10.0.0.2', 'denied'],
  // A denial counts first, whatever allows.
  [['allow alice read topic orders', 'deny alice read topic orders'], 'alice read topic orders', 'denied'],
  [['allow alice all topic *', 'deny * read topic ord*'], 'alice read topic orders', 'denied'],
  [['deny alice read topic orders', 'allow * read topic *'], 'bob read topic orders', 'allowed'],
  [['allow alice read topic orders', 'deny alice all topic *'], 'alice read topic orders', 'denied'],
  // What a permission implies; a denial implies nothing.
  [['allow alice read topic orders'], 'alice describe topic orders', 'allowed'],
  [['allow alice write topic orders'], 'alice describe topic orders', 'allowed'],
  [['allow alice delete topic orders'], 'alice describe topic orders', 'allowed'],
  [['allow alice alter topic orders'], 'alice describe topic orders', 'allowed'],
  [['allow alice create topic orders'], 'alice describe topic orders', 'denied'],
  [['allow alice alterConfigs topic orders'], 'alice describeConfigs topic orders', 'allowed'],
  [['allow alice describe topic orders'], 'alice read topic orders', 'denied'],
  [['deny alice read topic orders', 'allow alice describe topic orders'], 'alice describe topic orders', 'allowed'],
  [['deny alice describe topic orders', 'allow alice read topic orders'], 'alice describe topic orders', 'denied'],
];

test.each(TABLE)('%j: %s is %s', (rules, asked, decision) => {
  expect(setOf(...rules).decide(wish(asked))).toBe(decision);
});

describe('whether somebody may do it to any resource at all', () => {
  test.each([
    [['allow alice write topic orders'], true],
    [['allow alice write topic ord*'], true],
    [['allow alice all topic *'], true],
    [['allow alice read topic orders'], false],
    [['allow bob write topic orders'], false],
    [['allow alice write topic orders', 'deny alice write topic orders'], false],
    [['allow alice write topic orders', 'deny alice write topic ord*'], false],
    [['allow alice write topic ord*', 'deny alice write topic o*'], false],
    [['allow alice write topic ord*', 'deny alice write topic orders'], true],
    [['allow alice write topic *', 'deny alice write topic orders'], true],
    [['allow alice write topic orders', 'deny * write topic *'], false],
  ])('%j: %s', (rules, allowed) => {
    const { resourceName: _, ...asked } = wish('alice write topic any');
    expect(setOf(...rules).allowsSomewhere(asked)).toBe(allowed);
  });
});

describe('filters', () => {
  const any = {
    resourceTypeFilter: ResourceType.any,
    resourceNameFilter: null,
    patternTypeFilter: PatternType.any,
    principalFilter: null,
    hostFilter: null,
    operation: Operation.any,
    permissionType: Permission.any,
  };
  const rules = ['allow alice read topic orders', 'allow alice read topic ord*', 'deny bob write topic *'].map(rule);
  test.each([
    [any, [0, 1, 2]],
    [{ ...any, resourceTypeFilter: ResourceType.group }, []],
    [{ ...any, principalFilter: 'User:bob' }, [2]],
    [{ ...any, permissionType: Permission.allow, operation: Operation.read }, [0, 1]],
    [{ ...any, resourceNameFilter: 'orders' }, [0]],
    [{ ...any, resourceNameFilter: 'ord', patternTypeFilter: PatternType.prefixed }, [1]],
    [{ ...any, resourceNameFilter: 'orders', patternTypeFilter: PatternType.match }, [0, 1, 2]],
    [{ ...any, resourceNameFilter: 'other', patternTypeFilter: PatternType.match }, [2]],
    [{ ...any, hostFilter: '10.0.0.1' }, []],
  ])('%j', (filter, matching) => {
    expect(rules.flatMap((acl, i) => (matchesFilter(filter, acl) ? i : []))).toEqual(matching);
  });
});
