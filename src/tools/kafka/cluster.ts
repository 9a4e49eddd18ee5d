import { DescribeCluster } from '../../protocol/apis/60-describe-cluster.ts';
import { UnregisterBroker } from '../../protocol/apis/64-unregister-broker.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { keyed, row } from './columns.ts';
import { PlainError, refuse, ToolError } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { Tool, ToolCall } from './tool.ts';

const COMMANDS = ['cluster-id', 'unregister', 'list-endpoints'];

/** ClusterTool. */
export const cluster: Tool = {
  name: 'kafka-cluster',
  summary: 'the id of the cluster, and who belongs to it',
  commands: COMMANDS,
  parser: 'kafka-cluster',
  options: [
    { name: 'id', value: 'ID', completes: 'broker', about: 'for unregister: which broker is gone for good' },
    { name: 'include-fenced-brokers', about: 'for list-endpoints: also brokers that do not serve' },
    { name: 'config', value: 'FILE', about: 'taken, and not needed' },
  ],
  examples: ['kafka-cluster cluster-id', 'kafka-cluster list-endpoints', 'kafka-cluster unregister --id 3'],
  *run(call) {
    const command = call.args.command();
    if (command === 'cluster-id') return yield* clusterId(call);
    if (command === 'unregister') return yield* unregister(call);
    return yield* listEndpoints(call);
  },
};

function* clusterId({ admin, print, data }: ToolCall): Steps<void> {
  const { clusterId: id } = yield* ask(admin, DescribeCluster, DescribeCluster.request.make({}), { kind: 'any' });
  print(`Cluster ID: ${id}`);
  data({ clusterId: id });
}

function* unregister({ admin, args, print }: ToolCall): Steps<void> {
  args.required('id');
  const brokerId = args.integer('id')!;
  try {
    const body = UnregisterBroker.request.make({ brokerId });
    const { errorCode, errorMessage } = yield* ask(admin, UnregisterBroker, body, { kind: 'any' });
    refuse(errorCode, errorMessage);
    print(`Broker ${brokerId} is no longer registered.`);
  } catch (thrown) {
    if (!(thrown instanceof ToolError) || thrown.code !== ErrorCode.UNSUPPORTED_VERSION) throw thrown;
    throw new PlainError('The target cluster does not support the broker unregistration API.');
  }
}

function* listEndpoints({ admin, args, print, data }: ToolCall): Steps<void> {
  const includeFencedBrokers = args.has('include-fenced-brokers');
  const body = DescribeCluster.request.make({ includeFencedBrokers });
  const response = yield* ask(admin, DescribeCluster, body, { kind: 'any' });
  refuse(response.errorCode, response.errorMessage);
  const brokers = [...response.brokers].sort((one, other) => one.brokerId - other.brokerId);
  const widths = [10, Math.max(0, ...brokers.map(({ host }) => host.length)), 10, 10, 10, 15];
  const line = (cells: readonly (string | number)[]): string => row(widths, [...cells, '']).slice(0, -1);
  const head = ['ID', 'HOST', 'PORT', 'RACK', 'STATE', 'ENDPOINT_TYPE'];
  print(line(head));
  for (const { brokerId, host, port, rack, isFenced } of brokers) {
    const state = isFenced ? 'fenced' : 'unfenced';
    print(line([brokerId, host, port, rack ?? 'null', state, 'broker']));
    data(keyed(head, [brokerId, host, port, rack, state, 'broker']));
  }
}
