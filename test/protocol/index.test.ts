import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiByKey, apiByName, apis } from '../../src/protocol/apis/index.ts';
import { ERROR_TABLE } from '../../src/protocol/error-table.ts';
import { ErrorCode, errorCodeOf, errorName, isInvalidMetadata, isRetriable } from '../../src/protocol/errors.ts';
import { groupRecords } from '../../src/protocol/records/group/index.ts';
import { metadataRecords } from '../../src/protocol/records/metadata/index.ts';
import type { Fields, Schema } from '../../src/protocol/schema.ts';

function filesOf(folder: string): string[] {
  const files = readdirSync(new URL(`../../src/protocol/${folder}`, import.meta.url));
  return files.filter((file) => file !== 'index.ts').sort();
}

function fileOf(key: number, name: string): string {
  const kebab = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
  return `${String(key).padStart(2, '0')}-${kebab}.ts`;
}

test('every API has its file and its line in the index', () => {
  expect(apis.map(({ key, name }) => fileOf(key, name)).sort()).toEqual(filesOf('apis'));
  for (const api of apis) {
    expect(apiByKey(api.key)).toBe(api);
    expect(apiByName(api.name)).toBe(api);
  }
  expect(apis.map(({ key }) => key)).toEqual(apis.map(({ key }) => key).toSorted((a, b) => a - b));
});

test('every kind of record has its file and its line in the index', () => {
  const metadata = Object.values(metadataRecords);
  expect(metadata.map(({ key, name }) => fileOf(key, name.replace(/Record$/, ''))).sort()).toEqual(
    filesOf('records/metadata'),
  );
  const group = Object.values(groupRecords);
  expect(group.map(({ id, name }) => fileOf(id, name)).sort()).toEqual(filesOf('records/group'));
  for (const [name, kind] of Object.entries({ ...metadataRecords, ...groupRecords })) expect(kind.name).toBe(name);
});

test('what a release offers is described', () => {
  for (const { name, versions, offered } of apis) {
    for (const range of Object.values(offered)) {
      if (range === null) continue;
      expect(range.min, name).toBeGreaterThanOrEqual(versions.min);
      expect(range.max, name).toBeLessThanOrEqual(versions.max);
    }
  }
});

test('tags of one struct differ', () => {
  const check = (fields: Fields, path: string): void => {
    const tags = Object.values(fields).flatMap(({ tag }) => (tag === null ? [] : [tag.number]));
    expect(new Set(tags).size, path).toBe(tags.length);
    for (const [name, field] of Object.entries(fields)) {
      const inner: Schema<unknown> = field.element ?? field;
      if (inner.fields !== null) check(inner.fields, `${path}.${name}`);
    }
  };
  for (const { name, request, response } of apis) {
    check(request.fields!, `${name}Request`);
    check(response.fields!, `${name}Response`);
  }
});

test('error codes have one name each, and clients know what to make of them', () => {
  const codes = Object.values(ERROR_TABLE).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.length).toBe(135);
  expect(ErrorCode.NOT_LEADER_OR_FOLLOWER).toBe(6);
  expect(errorName(6)).toBe('NOT_LEADER_OR_FOLLOWER');
  expect(errorName(9999)).toBe('UNKNOWN_SERVER_ERROR');
  expect(errorCodeOf('FENCED_LEADER_EPOCH')).toBe(74);
  expect(errorCodeOf('toString')).toBeUndefined();
  expect([isRetriable(ErrorCode.NOT_LEADER_OR_FOLLOWER), isInvalidMetadata(ErrorCode.NOT_LEADER_OR_FOLLOWER)]).toEqual([
    true,
    true,
  ]);
  expect([isRetriable(ErrorCode.NOT_ENOUGH_REPLICAS), isInvalidMetadata(ErrorCode.NOT_ENOUGH_REPLICAS)]).toEqual([
    true,
    false,
  ]);
  expect(isRetriable(ErrorCode.MESSAGE_TOO_LARGE)).toBe(false);
});
