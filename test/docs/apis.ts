/** `docs/apis.md`: what Kafka's releases offer, from the schemas, and what kzsim answers of it, asked of a broker of each kind. */
import { apis } from '../../src/protocol/apis/index.ts';
import type { Api, Listener } from '../../src/protocol/schema.ts';
import { FrameClient, VARIANTS, type Variant } from '../apis/frame-client.ts';

const range = ({ min, max }: { readonly min: number; readonly max: number }): string =>
  min === max ? String(min) : `${min}–${max}`;

const listenerOf = ({ mode }: Variant): Listener => (mode === 'zookeeper' ? 'zkBroker' : 'broker');

/** What stands in one cell: the versions, `no` for what Kafka has and kzsim has not, nothing for what Kafka has not. */
function cell(api: Api, variant: Variant, answered: ReadonlySet<number>): string {
  const offered = api.listeners.includes(listenerOf(variant)) ? api.offered[variant.kafkaVersion] : null;
  if (offered === null) return '';
  return answered.has(api.key) ? range(offered) : `no (${range(offered)})`;
}

export function apisPage(): string {
  const answered = VARIANTS.map((variant) => new Set(new FrameClient(variant).offered().keys()));
  const rows = apis.flatMap((api) => {
    const cells = VARIANTS.map((variant, i) => cell(api, variant, answered[i]!));
    return cells.every((text) => text === '') ? [] : [`| ${[api.key, api.name, ...cells].join(' | ')} |`];
  });
  return `${[
    '# APIs and their versions',
    '',
    'Made from the schemas and from what brokers answer by `test/docs/reference.test.ts`; `npx vitest run test/docs -u` makes it anew.',
    '',
    'Each column is a cluster that `--mode` and `--kafka-version` choose. A cell holds the versions that its brokers take; `no (…)`: brokers of that',
    'release have the API, kzsim does not, so it is not listed in ApiVersions, and a request for it closes the connection, as in Kafka; an',
    'empty cell: that release has it not. What of an API is not simulated stands at the head of its file in `src/broker/apis/`, `src/broker/groups/` or',
    '`src/coordinator/`, and in short in [fidelity.md](fidelity.md). Produce is listed from version 0 in 4.x, too, and refused below 3 (KAFKA-18659).',
    '',
    `| key | API | ${VARIANTS.map(({ mode, kafkaVersion }) => `${kafkaVersion} ${mode}`).join(' | ')} |`,
    `| ${['---', '---', ...VARIANTS.map(() => '---')].join(' | ')} |`,
    ...rows,
  ].join('\n')}\n`;
}
