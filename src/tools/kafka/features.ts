import { ApiVersions } from '../../protocol/apis/18-api-versions.ts';
import { UpdateFeatures } from '../../protocol/apis/57-update-features.ts';
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import { exceptionOf, PlainError } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

/** MetadataVersion: how many levels each release brought, from level 1 (3.0-IV1) on. */
const LEVELS: readonly (readonly [release: string, first: number, count: number])[] = [
  ['3.0', 1, 1],
  ['3.1', 0, 1],
  ['3.2', 0, 1],
  ['3.3', 0, 4],
  ['3.4', 0, 1],
  ['3.5', 0, 3],
  ['3.6', 0, 3],
  ['3.7', 0, 5],
  ['3.8', 0, 1],
  ['3.9', 0, 1],
  ['4.0', 0, 4],
  ['4.1', 0, 2],
  ['4.2', 0, 2],
];
const VERSIONS = LEVELS.flatMap(([release, first, count]) =>
  Array.from({ length: count }, (_, index) => `${release}-IV${first + index}`),
);

/** The first levels that the tools of 3.9 and of 4.2 name, and the end of the former. */
const OLDEST = VERSIONS.indexOf('3.3-IV0');
const OLDEST_OF_4 = VERSIONS.indexOf('3.3-IV3');
const NEWEST_OF_3 = VERSIONS.indexOf('4.0-IV0');

const COMMANDS = ['describe', 'upgrade', 'downgrade', 'disable', 'version-mapping', 'feature-dependencies'];
/** What they say is in no broker, but in the tool. */
const UNTAKEN: readonly string[] = ['version-mapping', 'feature-dependencies'];

/** FeatureCommand. */
export const features: Tool = {
  name: 'kafka-features',
  summary: 'features of the cluster: what brokers support, and which level holds',
  commands: COMMANDS,
  parser: 'kafka-features',
  options: [
    { name: 'feature', value: 'NAME=LEVEL', about: 'which to raise or lower; only NAME for disable. Repeatable' },
    { name: 'metadata', value: 'VERSION', about: 'the level of metadata.version by its name: 4.0-IV3' },
    { name: 'dry-run', about: 'only ask whether it could be done' },
    { name: 'unsafe', about: 'even if metadata would be lost' },
    { name: 'node-id', value: 'ID', about: 'for describe: ask this broker' },
  ],
  refuses: { 'release-version': 'name the features themselves: --feature NAME=LEVEL' },
  examples: ['kafka-features describe', 'kafka-features disable --feature group.version --dry-run'],
  *run(call) {
    const command = call.args.command();
    if (UNTAKEN.includes(command))
      throw new PlainError(
        `${command} prints tables that every Kafka has inside; describe says what holds in this cluster`,
      );
    return command === 'describe' ? yield* describe(call) : yield* update(call, command);
  },
};

function* describe({ admin, args, print, data }: ToolCall): Steps<void> {
  const nodeId = args.integer('node-id');
  const target = nodeId === undefined ? ({ kind: 'any' } as const) : ({ kind: 'broker', id: nodeId } as const);
  const body = ApiVersions.request.make({ clientSoftwareName: 'kzsim', clientSoftwareVersion: '1' });
  const response = yield* ask(admin, ApiVersions, body, target);
  const { supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch } = response;
  const shown = [...supportedFeatures].sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { name, minVersion, maxVersion } of shown) {
    const level = finalizedFeatures.find((feature) => feature.name === name)?.maxVersionLevel ?? 0;
    const text = (version: number) => (name === 'metadata.version' ? (VERSIONS[version - 1] ?? version) : version);
    data({
      Feature: name,
      SupportedMinVersion: text(minVersion),
      SupportedMaxVersion: text(maxVersion),
      FinalizedVersionLevel: text(level),
      Epoch: finalizedFeaturesEpoch < 0 ? null : finalizedFeaturesEpoch,
    });
    print(
      [
        `Feature: ${name}`,
        `SupportedMinVersion: ${text(minVersion)}`,
        `SupportedMaxVersion: ${text(maxVersion)}`,
        `FinalizedVersionLevel: ${text(level)}`,
        `Epoch: ${finalizedFeaturesEpoch < 0 ? '-' : finalizedFeaturesEpoch}`,
      ].join('\t'),
    );
  }
}

const UPGRADE = 1;
const SAFE_DOWNGRADE = 2;
const UNSAFE_DOWNGRADE = 3;

function* update({ admin, args, print, data, spoil, older }: ToolCall, command: string): Steps<void> {
  const wanted = wantedLevels(command, args.all('feature'), args.get('metadata'), older);
  if (wanted.length === 0) throw new PlainError(`You must specify at least one feature to ${command}`);
  if (args.has('metadata') && !older) print(' `metadata` flag is deprecated and may be removed in a future release.');
  const upgradeType = command === 'upgrade' ? UPGRADE : args.has('unsafe') ? UNSAFE_DOWNGRADE : SAFE_DOWNGRADE;
  const validateOnly = args.has('dry-run');
  const body = UpdateFeatures.request.make({
    featureUpdates: wanted.map(({ feature, level }) => ({ feature, maxVersionLevel: level, upgradeType })),
    validateOnly,
  });
  const response = yield* ask(admin, UpdateFeatures, body, { kind: 'controller' });
  let failures = 0;
  for (const { feature, level } of [...wanted].sort((one, other) => (one.feature < other.feature ? -1 : 1))) {
    const own = response.results.find((result) => result.feature === feature);
    const code = response.errorCode || (own?.errorCode ?? ErrorCode.NONE);
    data({ feature, level, error: code === ErrorCode.NONE ? null : errorName(code) });
    const goal = command === 'disable' ? '' : ` to ${level}`;
    if (code === ErrorCode.NONE) {
      print(`${feature} ${validateOnly ? 'can be' : 'was'} ${command}d${goal}.`);
      continue;
    }
    failures += 1;
    const { message } = exceptionOf(code, response.errorMessage || own?.errorMessage);
    print(`${validateOnly ? 'Can' : 'Could'} not ${command} ${feature}${goal}. ${message}`);
  }
  if (failures === 0) return;
  print(`${failures} out of ${wanted.length} operation(s) failed.`);
  spoil();
}

/** Throws `PlainError`. */
function wantedLevels(command: string, features: readonly string[], metadata: string | undefined, older: boolean) {
  const wanted = features.map((text) => {
    if (command === 'disable') return { feature: text.trim(), level: 0 };
    const [, feature, level] = /^\s*([^=]+?)\s*=\s*(\S+)\s*$/.exec(text) ?? [];
    if (feature === undefined) throw new PlainError(`Can't parse feature=level string ${text}: equals sign not found.`);
    if (!/^\d+$/.test(level!))
      throw new PlainError(`Can't parse feature=level string ${text}: unable to parse ${level} as a short.`);
    return { feature, level: Number(level) };
  });
  if (metadata === undefined) return wanted;
  const level = VERSIONS.findLastIndex((version) => version === metadata || version.startsWith(`${metadata}-`));
  if (level < 0)
    throw new PlainError(
      `${older ? `Unsupported metadata.version ${metadata}. Supported metadata.version are` : `Unknown metadata.version '${metadata}'. Supported metadata.version are:`} ${VERSIONS.slice(older ? OLDEST : OLDEST_OF_4, older ? NEWEST_OF_3 : undefined).join(', ')}${older ? '' : ', 4.3-IV0'}`,
    );
  return [...wanted, { feature: 'metadata.version', level: level + 1 }];
}
