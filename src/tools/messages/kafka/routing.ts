/** Who is where: versions, metadata, coordinators. */
import { Metadata } from '../../../protocol/apis/03-metadata.ts';
import { FindCoordinator } from '../../../protocol/apis/10-find-coordinator.ts';
import { SaslHandshake } from '../../../protocol/apis/17-sasl-handshake.ts';
import { ApiVersions } from '../../../protocol/apis/18-api-versions.ts';
import { SaslAuthenticate } from '../../../protocol/apis/36-sasl-authenticate.ts';
import { DescribeCluster } from '../../../protocol/apis/60-describe-cluster.ts';
import { DescribeTopicPartitions } from '../../../protocol/apis/75-describe-topic-partitions.ts';
import { type Describer, describes, failed, outcome, plural, results, some } from './describe.ts';

/** Leaders of few partitions are told, of many only how many there are. */
const MOST_LEADERS = 3;

const metadata = describes(Metadata, {
  request({ topics }, names) {
    if (topics === null) return { text: 'all topics' };
    return {
      text:
        topics.length === 0 ? 'brokers' : some(topics.map(({ name, topicId }) => name ?? names(topicId) ?? topicId)),
    };
  },
  response({ brokers, topics, errorCode }, names) {
    if (errorCode !== 0) return failed(errorCode);
    const each = topics.flatMap(({ name, topicId, errorCode: error, partitions }) => {
      const topic = name ?? names(topicId) ?? topicId;
      return error !== 0
        ? [{ what: topic, error, leader: '' }]
        : partitions.map((partition) => ({
            what: `${topic}-${partition.partitionIndex}`,
            error: partition.errorCode,
            leader: `${topic}-${partition.partitionIndex} leader=${partition.leaderId} epoch=${partition.leaderEpoch}`,
          }));
    });
    return results(each, () => {
      const known = plural(brokers.length, 'broker');
      if (each.length === 0) return known;
      if (each.length <= MOST_LEADERS) return each.map(({ leader }) => leader).join(', ');
      return `${each[0]!.leader} (+${each.length - 1}), ${known}`;
    });
  },
});

const KEY_TYPES = ['group', 'transaction', 'share'];

const findCoordinator = describes(FindCoordinator, {
  request({ key, keyType, coordinatorKeys }) {
    return { text: `${KEY_TYPES[keyType] ?? keyType} ${some(coordinatorKeys.length > 0 ? coordinatorKeys : [key])}` };
  },
  response({ errorCode, nodeId, coordinators }) {
    if (coordinators.length === 0) return outcome(errorCode, `broker-${nodeId}`);
    return results(
      coordinators.map(({ key, errorCode: error }) => ({ what: key, error })),
      () => some(coordinators.map((found) => `broker-${found.nodeId}`)),
    );
  },
});

const apiVersions = describes(ApiVersions, {
  request: ({ clientSoftwareName, clientSoftwareVersion }) => ({
    text: `${clientSoftwareName} ${clientSoftwareVersion}`.trim(),
  }),
  response: ({ errorCode, apiKeys }) => outcome(errorCode, plural(apiKeys.length, 'API')),
});

const saslHandshake = describes(SaslHandshake, {
  request: ({ mechanism }) => ({ text: mechanism }),
  response: ({ errorCode, mechanisms }) => outcome(errorCode, some(mechanisms)),
});

/** Tokens are secrets: only their size is told. */
const saslAuthenticate = describes(SaslAuthenticate, {
  request: ({ authBytes }) => ({ text: plural(authBytes.length, 'byte') }),
  response: ({ errorCode, authBytes }) => outcome(errorCode, plural(authBytes.length, 'byte')),
});

const describeCluster = describes(DescribeCluster, {
  request: () => ({ text: '' }),
  response: ({ errorCode, controllerId, brokers }) =>
    outcome(errorCode, `controller=${controllerId} ${plural(brokers.length, 'broker')}`),
});

const describeTopicPartitions = describes(DescribeTopicPartitions, {
  request: ({ topics }) => ({ text: some(topics.map(({ name }) => name)) }),
  response: ({ topics }) =>
    results(
      topics.map(({ name, topicId, errorCode }) => ({ what: name ?? topicId, error: errorCode })),
      () =>
        some(
          topics.map(({ name, topicId, partitions }) => `${name ?? topicId} ${plural(partitions.length, 'partition')}`),
        ),
    ),
});

export const ROUTING: readonly Describer[] = [
  metadata,
  findCoordinator,
  apiVersions,
  saslHandshake,
  saslAuthenticate,
  describeCluster,
  describeTopicPartitions,
];
