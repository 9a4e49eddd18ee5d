import { ApiVersions } from '../../protocol/apis/18-api-versions.ts';
import { UsageError } from './failure.ts';
import { ask } from './steps.ts';
import type { Tool } from './tool.ts';

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

/** FeatureCommand. */
export const features: Tool = {
  name: 'kafka-features',
  summary: 'features of the cluster: what brokers support, and which level holds',
  differs: 'Of its commands only describe is here.',
  commands: ['describe'],
  options: [],
  examples: ['kafka-features describe'],
  *run({ admin, args, print, data }) {
    if (args.words.length === 0) throw new UsageError('it takes a command: kafka-features describe');
    const body = ApiVersions.request.make({ clientSoftwareName: 'kzsim', clientSoftwareVersion: '1' });
    const response = yield* ask(admin, ApiVersions, body, { kind: 'any' });
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
  },
};
