import type { TxnOffsetCommitRequest } from '../../protocol/apis/28-txn-offset-commit.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ServerRequest } from '../../rpc/api.ts';
import type { VerificationGuard } from '../../storage/verification.ts';
import { CONSUMER_OFFSETS } from '../internal-topics.ts';
import type { TransactionVerifier } from '../transaction-verifier.ts';
import { named, partitionName } from '../transactions/transaction-log.ts';
import type { ShardMachine } from './shard-machine.ts';
import type { TopicLookup } from './topic-lookup.ts';
import {
  FIRST_ADDING_PARTITIONS,
  FIRST_WITH_ABORTABLE,
  namesPartition,
  refuseTxnOffsetCommit,
  refuseUnknown,
  txnOffsetCommit,
} from './txn-offset-commit.ts';

interface Desk {
  readonly topics: TopicLookup;
  readonly verifier: Pick<TransactionVerifier, 'ask'>;
  machineOf(groupId: string): ShardMachine | number;
}

/** Has the transaction's coordinator asked where that is needed, and steps the shard of the group. */
export function handleTxnOffsetCommit(desk: Desk, request: ServerRequest<TxnOffsetCommitRequest>): void {
  const { body, version } = request;
  const { groupId, transactionalId, producerId, producerEpoch } = body;
  const refuse = (error: number): void => request.respond(refuseTxnOffsetCommit(body, error, version));
  if (!namesPartition(body, desk.topics)) {
    request.respond(refuseUnknown(body, desk.topics));
    return;
  }
  const machine = desk.machineOf(groupId);
  if (typeof machine === 'number') {
    refuse(machine);
    return;
  }
  const commit = (guard: VerificationGuard | undefined): void =>
    machine.step(() => {
      const within = { producerId, producerEpoch, guard };
      if (machine.status !== 'active') refuse(ErrorCode.NOT_COORDINATOR);
      else txnOffsetCommit(machine.shard, { body, ticket: request, lookup: desk.topics }, within);
    });
  const bumpsEpoch = version >= FIRST_ADDING_PARTITIONS;
  const guard = machine.startVerification({ producerId, producerEpoch, baseSequence: -1, bumpsEpoch });
  if (guard === undefined) {
    commit(undefined);
    return;
  }
  const partition = { topic: CONSUMER_OFFSETS, partition: machine.shard.partition };
  const knowsAbortable = version >= FIRST_WITH_ABORTABLE;
  const partitions = named([partition]);
  const verification = { transactionalId, producerId, producerEpoch, partitions, adds: bumpsEpoch, knowsAbortable };
  desk.verifier.ask(verification, (errors) => {
    const error = errors.get(partitionName(partition)) ?? ErrorCode.NONE;
    if (error === ErrorCode.NONE) commit(guard);
    else refuse(error === ErrorCode.NETWORK_EXCEPTION ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : error);
  });
}
