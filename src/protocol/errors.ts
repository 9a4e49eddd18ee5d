import { ERROR_TABLE, type ErrorDescription } from './error-table.ts';

export type ErrorName = keyof typeof ERROR_TABLE;

/** The codes by name: `ErrorCode.NOT_LEADER_OR_FOLLOWER` is 6. */
export const ErrorCode = Object.fromEntries(Object.entries(ERROR_TABLE).map(([name, { code }]) => [name, code])) as {
  readonly [N in ErrorName]: (typeof ERROR_TABLE)[N]['code'];
};

const byCode = new Map<number, ErrorDescription & { readonly name: ErrorName }>();
for (const [name, description] of Object.entries(ERROR_TABLE)) {
  byCode.set(description.code, { name: name as ErrorName, ...description });
}

/** A code that no release knows counts as UNKNOWN_SERVER_ERROR, as clients take it. */
function describe(code: number): ErrorDescription & { readonly name: ErrorName } {
  return byCode.get(code) ?? byCode.get(-1)!;
}

export function errorName(code: number): ErrorName {
  return describe(code).name;
}

/** Half a sentence, in lower case and without a full stop. */
export function errorMeaning(code: number): string {
  return describe(code).meaning;
}

/** The code of a name as users write it, or undefined. */
export function errorCodeOf(name: string): number | undefined {
  return Object.hasOwn(ERROR_TABLE, name) ? ERROR_TABLE[name as ErrorName].code : undefined;
}

/** Whether the same request may succeed later. */
export function isRetriable(code: number): boolean {
  const { reaction } = describe(code);
  return reaction === 'retry' || reaction === 'refresh';
}

/** Whether a client asks for metadata before it tries again. */
export function isInvalidMetadata(code: number): boolean {
  return describe(code).reaction === 'refresh';
}

/** Whether a client looks for its coordinator anew before it tries again (RefreshRetriableException beyond metadata). */
export function isCoordinatorMoved(code: number): boolean {
  return code === ErrorCode.COORDINATOR_NOT_AVAILABLE || code === ErrorCode.NOT_COORDINATOR;
}

/** Whether the application can go on after giving up its producer or its membership (KIP-1050). */
export function isApplicationRecoverable(code: number): boolean {
  return describe(code).reaction === 'rejoin';
}
