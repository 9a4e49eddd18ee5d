/** What a consumer group lets be committed and read of its offsets (`ConsumerGroup.validateOffsetCommit`, `validateOffsetFetch`). */
import { ErrorCode } from '../../../protocol/errors.ts';
import type { ConsumerGroup } from './consumer-group.ts';

const FIRST_WITH_MEMBER_EPOCH = 9;

interface Committer {
  readonly memberId: string;
  readonly memberEpoch: number;
}

export function consumerCommitError(
  group: ConsumerGroup,
  { memberId, memberEpoch }: Committer,
  version: number,
): number {
  // A tool that resets offsets, or a simple consumer: only while nobody is there.
  if (memberEpoch < 0 && group.members.size === 0) return ErrorCode.NONE;
  const member = group.members.get(memberId);
  if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  if (version < FIRST_WITH_MEMBER_EPOCH) return ErrorCode.UNSUPPORTED_VERSION;
  return memberEpoch === member.epoch ? ErrorCode.NONE : ErrorCode.STALE_MEMBER_EPOCH;
}

export function consumerFetchError(
  group: ConsumerGroup,
  { memberId, memberEpoch }: { readonly memberId: string | null; readonly memberEpoch: number },
): number {
  if (memberId === null && memberEpoch < 0) return ErrorCode.NONE;
  const member = group.members.get(memberId ?? '');
  if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  return memberEpoch === member.epoch ? ErrorCode.NONE : ErrorCode.STALE_MEMBER_EPOCH;
}
