import { ErrorCode } from '../../protocol/errors.ts';

/** What versions before PRODUCER_FENCED say instead. */
export function fencedError(error: number, version: number, firstVersion: number): number {
  return error === ErrorCode.PRODUCER_FENCED && version < firstVersion ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
}
