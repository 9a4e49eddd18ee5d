/**
 * Every API in every version that a broker lists, as bytes through its server to a whole small cluster. The transcript says which
 * errors the answer holds; that there is an answer, and that it is one of that version to the last byte, is checked by reading it.
 */
import { expect, test } from 'vitest';
import { FindCoordinator } from '../../src/protocol/apis/10-find-coordinator.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import { InitProducerId } from '../../src/protocol/apis/22-init-producer-id.ts';
import { apiByKey } from '../../src/protocol/apis/index.ts';
import { errorName } from '../../src/protocol/errors.ts';
import { errorCodesIn, FrameClient, VARIANTS, variantName } from './frame-client.ts';
import { SANE } from './sane-requests.ts';

/** Keys that only brokers and controllers use among themselves, which a client has no sane request for. */
const BETWEEN_BROKERS = [4, 5, 6, 7, 56, 67];

/** Two topics, both coordinators, and a block of producer ids: nothing is on its way any more. */
function begin(variant: (typeof VARIANTS)[number]): { client: FrameClient; topicId: string } {
  const client = new FrameClient(variant);
  client.createTopic('orders', 2);
  client.createTopic('grows', 1);
  client.ask(FindCoordinator, 0, { key: 'simple' });
  client.ask(FindCoordinator, 1, { key: 't', keyType: 1 });
  client.ask(InitProducerId, 0, { transactionalId: null, transactionTimeoutMs: 1000 });
  client.run(2000);
  return { client, topicId: client.topicId('orders') };
}

/** `NONE` for versions 3 to 13, as one line. */
function lines(name: string, outcomes: readonly { version: number; outcome: string }[]): string[] {
  const runs: { from: number; to: number; outcome: string }[] = [];
  for (const { version, outcome } of outcomes) {
    const last = runs.at(-1);
    if (last?.outcome === outcome) last.to = version;
    else runs.push({ from: version, to: version, outcome });
  }
  return runs.map(({ from, to, outcome }) => `${name} ${from === to ? from : `${from}-${to}`}: ${outcome}`);
}

test.each(VARIANTS)(
  '$kafkaVersion in $mode mode answers all that it lists',
  async (variant) => {
    const { client, topicId } = begin(variant);
    const transcript: string[] = [];
    for (const [key, range] of client.offered()) {
      const api = apiByKey(key)!;
      if (BETWEEN_BROKERS.includes(key)) continue;
      const min = api.offered[variant.kafkaVersion]!.min;
      const outcomes: { version: number; outcome: string }[] = [];
      for (let version = min; version <= range.max; version++) {
        const body = SANE[api.name]?.({ topicId, clusterId: 'kzsimClusterAAAAAAAAAA' }, version) ?? {};
        const response = client.ask(api, version, body as never);
        outcomes.push({ version, outcome: errorCodesIn(response).map(errorName).join(' ') || 'NONE' });
      }
      transcript.push(...lines(api.name, outcomes));
    }
    await expect(`${transcript.join('\n')}\n`).toMatchFileSnapshot(`../transcripts/apis/${variantName(variant)}.txt`);
  },
  60_000,
);

test('an API or a version that is not offered closes the connection; ApiVersions alone is answered, in version 0', () => {
  const client = new FrameClient({ mode: 'kraft', kafkaVersion: '4.2' });
  for (const [key, version] of [
    [0, 2],
    [1, 3],
    [3, 14],
    [4, 7],
    [6, 8],
    [93, 0],
    [1000, 0],
  ] as const) {
    const frame = new Uint8Array(14);
    const view = new DataView(frame.buffer);
    view.setInt16(0, key);
    view.setInt16(2, version);
    view.setInt16(8, -1);
    expect([key, version, client.sendBytes(frame), client.closed]).toEqual([key, version, null, true]);
  }
  const newer = new Uint8Array([0, 18, 0, 99, 0, 0, 0, 7, 255, 255]);
  const answer = client.sendBytes(newer)!;
  expect([...answer.subarray(0, 4)]).toEqual([0, 0, 0, 7]);
  expect([...answer.subarray(4)]).toEqual([0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4]);
  expect(client.ask(ApiVersions, 0, {}).errorCode).toBe(0);
});
