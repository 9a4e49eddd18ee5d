import { ApiVersions } from '../../protocol/apis/18-api-versions.ts';
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { apiByKey, apis } from '../../protocol/apis/index.ts';
import type { Release } from '../../protocol/schema.ts';
import { refuse } from './failure.ts';
import { ask, askAll } from './steps.ts';
import type { Tool } from './tool.ts';

/** The last API that a release knows. */
const LAST_KEY: { readonly [R in Release]: number } = { '3.9': 87, '4.0': 91, '4.1': 92, '4.2': 92 };

/** Clients of 3.9 count it among theirs. */
const ENVELOPE = 58;
/** What some APIs were called in 3.9. */
const OLDER_NAMES: Readonly<Record<number, string>> = { 74: 'ListClientMetricsResources' };

/** BrokerApiVersionsCommand. */
export const brokerApiVersions: Tool = {
  name: 'kafka-broker-api-versions',
  summary: 'which versions of which requests each broker takes',
  differs: 'Brokers come in the order of their ids.',
  bare: true,
  options: [],
  examples: ['kafka-broker-api-versions', 'kafka-broker-api-versions | grep Fetch'],
  *run(call) {
    const { admin, print, data, older } = call;
    const { release } = call.cluster.clients.environment;
    const described = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
    const brokers = [...described.brokers].sort((one, other) => one.brokerId - other.brokerId);
    const body = ApiVersions.request.make({ clientSoftwareName: 'kzsim', clientSoftwareVersion: '1' });
    const answers = yield* askAll(
      admin,
      brokers.map(({ brokerId }) => ({ api: ApiVersions, body, target: { kind: 'broker', id: brokerId } as const })),
    );
    for (const [index, { errorCode, apiKeys }] of answers.entries()) {
      refuse(errorCode);
      const { brokerId, host, port, rack } = brokers[index]!;
      const offered = new Map(apiKeys.map((each) => [each.apiKey, each]));
      const missing = apis.filter(
        ({ key, listeners }) =>
          (listeners.includes('broker') || (older && key === ENVELOPE)) &&
          key <= LAST_KEY[release] &&
          !offered.has(key),
      );
      const keys = [...offered.keys(), ...missing.map(({ key }) => key)].sort((one, other) => one - other);
      const texts = keys.map((key) => versionText(key, offered.get(key), release));
      print(
        `${host}:${port} (id: ${brokerId} rack: ${rack}${older ? '' : ' isFenced: false'}) -> (`,
        ...texts.map((text, at) => `\t${text}${at < texts.length - 1 ? ',' : ''}`),
        ')',
      );
      data({
        broker: brokerId,
        apis: apiKeys.map(({ apiKey, minVersion, maxVersion }) => {
          return { key: apiKey, name: apiByKey(apiKey)?.name ?? null, min: minVersion, max: maxVersion };
        }),
      });
    }
  },
};

interface Offered {
  readonly minVersion: number;
  readonly maxVersion: number;
}

function versionText(key: number, offered: Offered | undefined, release: Release): string {
  const api = apiByKey(key);
  const name = (release === '3.9' ? OLDER_NAMES[key] : undefined) ?? api?.name ?? 'UNKNOWN';
  const title = `${name}(${key})`;
  if (offered === undefined) return `${title}: UNSUPPORTED`;
  const { minVersion: min, maxVersion: max } = offered;
  const range = min === max ? String(min) : `${min} to ${max}`;
  const own = api?.offered[release];
  return `${title}: ${range}${own ? ` [usable: ${Math.min(max, own.max)}]` : ''}`;
}
