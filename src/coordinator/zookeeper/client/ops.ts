/** Operations for `multi`. A version of -1 matches any. */
import { OpCode } from '../ensemble/codes.ts';
import type { CheckVersionRequest, CreateRequest, DeleteRequest, SetDataRequest } from '../ensemble/messages.ts';

export function createOp(path: string, data: Uint8Array | null, flags: number): CreateRequest {
  return { type: OpCode.create2, path, data, flags };
}

export function deleteOp(path: string, version: number): DeleteRequest {
  return { type: OpCode.delete, path, version };
}

export function setDataOp(path: string, data: Uint8Array | null, version: number): SetDataRequest {
  return { type: OpCode.setData, path, data, version };
}

export function checkOp(path: string, version: number): CheckVersionRequest {
  return { type: OpCode.check, path, version };
}
