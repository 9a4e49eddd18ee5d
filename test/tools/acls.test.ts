import { expect, test } from 'vitest';
import { defaultClusterOptions } from '../../src/cluster/options.ts';
import { PromptScript } from './prompt-script.ts';

const AUTHORIZER = {
  kraft: 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  zookeeper: 'kafka.security.authorizer.AclAuthorizer',
};

test.each(['kraft', 'zookeeper'] as const)('kafka-acls adds, lists and removes in %s mode', (mode) => {
  const { config } = defaultClusterOptions(mode, 1);
  const script = new PromptScript(mode, { config: { ...config, 'authorizer.class.name': AUTHORIZER[mode] } });
  const answer = (line: string) => script.reply(line).lines;
  const topic = '`ResourcePattern(resourceType=TOPIC, name=orders, patternType=LITERAL)`';
  const group = '`ResourcePattern(resourceType=GROUP, name=billing, patternType=LITERAL)`';
  const entry = (operation: string) => `\t(principal=User:carl, host=*, operation=${operation}, permissionType=ALLOW)`;

  expect(answer('kafka-acls --add --allow-principal User:carl --consumer --topic orders --group billing')).toEqual([
    `Adding ACLs for resource ${group}: `,
    ` ${entry('READ')}`,
    '',
    `Adding ACLs for resource ${topic}: `,
    ` ${entry('DESCRIBE')}`,
    entry('READ'),
    '',
  ]);
  script.reply(
    'kafka-acls --add --deny-principal User:eve --deny-host 10.0.0.1 --topic ord --resource-pattern-type prefixed',
  );
  const prefixed = '`ResourcePattern(resourceType=TOPIC, name=ord, patternType=PREFIXED)`';
  const eve = '\t(principal=User:eve, host=10.0.0.1, operation=ALL, permissionType=DENY)';
  expect(answer('kafka-acls --list')).toEqual([
    ...[`Current ACLs for resource ${group}:`, entry('READ'), ''],
    ...[`Current ACLs for resource ${prefixed}:`, eve, ''],
    ...[`Current ACLs for resource ${topic}:`, entry('DESCRIBE'), entry('READ'), ''],
  ]);
  expect(answer('kafka-acls --remove --force --allow-principal User:carl --operation Describe --topic orders')).toEqual(
    [],
  );
  expect(answer('kafka-acls --list --principal User:carl --topic orders')).toEqual([
    'ACLs for principal `User:carl`',
    `Current ACLs for resource ${topic}:`,
    entry('READ'),
    '',
  ]);
  // MATCH means every ACL that touches the resource, the prefixed one, too.
  script.reply('kafka-acls --remove --topic orders --resource-pattern-type match');
  expect(answer('kafka-acls --list')).toEqual([`Current ACLs for resource ${group}:`, entry('READ'), '']);
  script.reply('kafka-acls --remove --group billing');
  expect(answer('kafka-acls --list')).toEqual([]);
});
