import { readEntities, TYPES } from './config-entities.ts';
import { alterQuotas, describeQuotas } from './config-quotas.ts';
import { alterResource, describeResources } from './config-resources.ts';
import { PlainError, ToolError, UsageError } from './failure.ts';
import { linesOf, readProperty } from './properties.ts';
import type { Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

/** ConfigCommand. */
export const configs: Tool = {
  name: 'kafka-configs',
  summary: 'shows and changes settings of topics, brokers and groups, and quotas of users, clients and addresses',
  differs: 'Users, clients and their quotas come in the order of their names.',
  options: [
    { name: 'describe', about: 'shows settings' },
    { name: 'alter', about: 'changes settings' },
    { name: 'entity-type', value: 'TYPE', completes: TYPES, about: 'of what; users and clients can stand together' },
    { name: 'entity-name', value: 'NAME', completes: 'topic', about: 'of which' },
    { name: 'entity-default', about: 'the default for all of the type' },
    { name: 'topic', value: 'NAME', completes: 'topic', about: 'short for the two; also for the next seven' },
    { name: 'broker', value: 'ID', completes: 'broker', about: '' },
    { name: 'group', value: 'NAME', completes: 'group', about: '' },
    { name: 'user', value: 'NAME', about: '' },
    { name: 'client', value: 'ID', about: '' },
    { name: 'ip', value: 'ADDRESS', about: '' },
    { name: 'client-metrics', value: 'NAME', about: '' },
    { name: 'broker-logger', value: 'ID', completes: 'broker', about: 'describe only' },
    { name: 'broker-defaults', about: 'short for the default of brokers; also for the next three' },
    { name: 'user-defaults', about: '' },
    { name: 'client-defaults', about: '' },
    { name: 'ip-defaults', about: '' },
    { name: 'add-config', value: 'K=V,K=[V,V]', about: 'settings to set' },
    { name: 'add-config-file', value: 'FILE', file: 'properties', about: 'the same from a file, a line each' },
    { name: 'delete-config', value: 'K,K', about: 'settings to take back' },
    { name: 'all', about: 'show also those that nobody has set' },
    { name: 'force', about: 'taken, and not needed' },
  ],
  examples: [
    'kafka-configs --alter --entity-type topics --entity-name orders --add-config retention.ms=3600000',
    'kafka-configs --describe --topic orders --all',
    'kafka-configs --alter --entity-type brokers --entity-default --add-config message.max.bytes=2000000',
    'kafka-configs --alter --entity-type users --entity-name alice --add-config producer_byte_rate=1024',
    "kafka-configs --alter --user alice --add-config 'SCRAM-SHA-256=[iterations=8192,password=secret]'",
  ],
  *run(call) {
    const action = call.args.exactlyOne(
      ['describe', 'alter'],
      'Command must include exactly one action: --describe, --alter',
    );
    if (action === 'describe') call.args.exclude('describe', ['add-config', 'delete-config']);
    const entities = readEntities(call, action);
    const isQuota = ['users', 'clients', 'ips'].includes(entities[0]!.type);
    if (action === 'describe')
      return yield* failing(call, isQuota ? describeQuotas(call, entities) : describeResources(call, entities[0]!));
    const changes = readChanges(call);
    yield* failing(call, isQuota ? alterQuotas(call, entities, changes) : alterResource(call, entities[0]!, changes));
    // Of a user and a client, the client is named.
    const { type, name } = entities.at(-1)!;
    if (name === null) call.print(`Completed updating default config for ${type} in the cluster.`);
    else call.print(`Completed updating config for ${type.slice(0, -1)} ${name}.`);
  },
};

/** What brokers refuse comes with the line, and with Java's names around it. */
function* failing({ words }: ToolCall, steps: Steps<void>): Steps<void> {
  try {
    yield* steps;
  } catch (thrown) {
    if (!(thrown instanceof ToolError) || thrown instanceof UsageError || thrown instanceof PlainError) throw thrown;
    const { exception, message } = thrown;
    throw new PlainError(
      `Error while executing config command with args '${words.join(' ')}'\njava.util.concurrent.ExecutionException: org.apache.kafka.common.errors.${exception}: ${message}`,
    );
  }
}

export interface Changes {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
}

function readChanges({ args, older }: ToolCall): Changes {
  if (args.has('add-config') && args.has('add-config-file'))
    throw new PlainError('Only one of --add-config or --add-config-file must be specified');
  const file = args.get('add-config-file');
  if (!args.has('add-config') && file === undefined && !args.has('delete-config'))
    throw new PlainError(
      'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter',
    );
  // A comma inside of brackets belongs to the value.
  const set = args.all('add-config').flatMap((text) =>
    text.split(/,(?![^[]*\])/).map((pair) => {
      const [, name, value] = /^\s*([^=]+?)\s*=\s*(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined)
        throw new PlainError(
          `requirement failed: Invalid entity config: all configs to be added must be in the format "key=val"${older ? '.' : ' or  "key=[val1,val2]" to group values which contain commas.'}`,
        );
      return [name, value.replace(/^\[(.*)\]$/s, '$1')] as const;
    }),
  );
  const fromFile = linesOf(file).map(readProperty);
  const remove = args.all('delete-config').flatMap((text) => text.split(',').map((name) => name.trim()));
  return { set: [...set, ...fromFile], remove };
}
