import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withFiles } from '../../src/gateway/tool-files.ts';
import { readHeredoc } from '../../src/tools/heredoc.ts';
import { splitPipes } from '../../src/tools/words.ts';

describe('files of Kafka’s tools', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kzsim-files-'));
    writeFileSync(join(folder, 'plan.json'), '{\n  "partitions": [{"topic": "it\'s", "partition": 0}]\n}\n');
    writeFileSync(join(folder, 'broken.json'), '{');
    writeFileSync(join(folder, 'client.properties'), '# mine\nacks=1\n\nlinger.ms=5\n');
    writeFileSync(join(folder, 'lines.txt'), 'one\ntwo # 2\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (line: string): string => withFiles(line, folder);
  const words = (line: string) => splitPipes(read(line))![0]!.words;

  test.each([
    ['kafka-delete-records --offset-json-file plan.json', '{"partitions":[{"topic":"it\'s","partition":0}]}'],
    ['bin/kafka-delete-records.sh --offset-json-file="plan.json" | head -1', undefined],
    ['kafka-console-producer --topic a --producer.config client.properties', 'acks=1;linger.ms=5'],
  ])('%s', (line, content) => {
    const last = words(line).at(-1)!;
    expect(last.replace('--offset-json-file=', '')).toBe(content ?? '{"partitions":[{"topic":"it\'s","partition":0}]}');
  });

  test.each([
    'kafka-delete-records --offset-json-file \'{"partitions":[]}\'',
    'kafka-console-producer --topic a --producer.config acks=1',
    'kafka-topics --list',
    'kill broker-1 < lines.txt',
    'kafka-topics --list --command-config nowhere.properties',
  ])('%s stays as it is', (line) => {
    expect(read(line)).toBe(line);
  });

  test('a file behind < is fed to the producer', () => {
    expect(readHeredoc(read('kafka-console-producer --topic orders < lines.txt'))).toEqual({
      line: 'kafka-console-producer --topic orders',
      fed: ['one', 'two # 2'],
    });
  });

  test('what cannot be read is said', () => {
    expect(() => read('kafka-delete-records --offset-json-file none.json')).toThrow(
      `none.json cannot be read (there is no such file); it is looked for as ${join(folder, 'none.json')}`,
    );
    expect(() => read('kafka-delete-records --offset-json-file broken.json')).toThrow(/^broken.json is no JSON: /);
    expect(() => read('kafka-delete-records --offset-json-file .')).toThrow(/it is a folder/);
  });
});
