import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VERBS } from '../../src/cluster/verbs/index.ts';
import { TOOLS } from '../../src/tools/kafka/index.ts';
import { apisPage } from './apis.ts';
import { promptPage } from './prompt-page.ts';
import { eventTables, scenarioReference, traceFormat } from './reference.ts';

test('docs/scenario-reference.md says what the tables say', async () => {
  await expect(scenarioReference()).toMatchFileSnapshot('../../docs/scenario-reference.md');
});

test('docs/apis.md says what the schemas and the brokers say', async () => {
  await expect(apisPage()).toMatchFileSnapshot('../../docs/apis.md');
});

test('docs/prompt.md says what the tables say, and what the prompt answers', async () => {
  await expect(promptPage()).toMatchFileSnapshot('../../docs/prompt.md');
});

test('every tool of the prompt has a file of its own, and every such file a line in the index', () => {
  const folder = 'src/tools/kafka';
  const declaring = readdirSync(folder).filter((file) =>
    / Tool = \{\n/.test(readFileSync(`${folder}/${file}`, 'utf8')),
  );
  expect(declaring.length).toBe(TOOLS.length);
});

test('docs/trace-format.md says what the tables say', async () => {
  await expect(await traceFormat()).toMatchFileSnapshot('../../docs/trace-format.md');
});

test('kinds of events are in kebab case, and no two tables name the same', async () => {
  const names = [...(await eventTables()).values()].flatMap((kinds) => kinds.map(({ name }) => name));
  expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every verb has a file of its own, and every such file a line in the index', () => {
  const folder = 'src/cluster/verbs';
  const declaring = readdirSync(folder).filter((file) =>
    /export const \w+(?:: Verb<typeof args>)? = (?:\{\n {2}name: '|\w+Verb\(\{)/.test(
      readFileSync(`${folder}/${file}`, 'utf8'),
    ),
  );
  expect(declaring.length).toBe(VERBS.length);
});
