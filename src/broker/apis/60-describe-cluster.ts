/**
 * DescribeCluster, versions as the release offers them (3.9: 0–1, 4.2: 0–2). Brokers, and who is to be taken for the
 * controller. A broker does not describe controllers (KIP-919): that endpoint type is refused.
 */
import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { endpointFor } from '../listeners.ts';
import { handler } from '../services.ts';

const BROKERS = 1;
const NOT_ASKED = -2147483648;
const ALL_CLUSTER_OPERATIONS = 8096;

export const describeCluster = handler(DescribeCluster, (services, request) => {
  const { endpointType, includeFencedBrokers, includeClusterAuthorizedOperations } = request.body;
  const { image } = services.coordination;
  if (endpointType !== BROKERS) {
    const errorCode = ErrorCode.MISMATCHED_ENDPOINT_TYPE;
    request.respond(DescribeCluster.response.make({ errorCode, errorMessage: 'this endpoint serves brokers alone' }));
    return;
  }
  const brokers = [...image.brokers.values()]
    .filter((broker) => includeFencedBrokers || !broker.fenced)
    .flatMap((broker) => {
      const endpoint = endpointFor(broker, request.peer);
      if (endpoint === null) return [];
      const { host, port } = endpoint;
      return [{ brokerId: broker.id, host, port, rack: broker.rack, isFenced: broker.fenced }];
    });
  request.respond({
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    endpointType,
    clusterId: services.clusterId,
    controllerId: image.controllerId,
    brokers,
    clusterAuthorizedOperations: includeClusterAuthorizedOperations ? ALL_CLUSTER_OPERATIONS : NOT_ASKED,
  });
});
