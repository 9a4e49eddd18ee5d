/**
 * A tool asks the cluster one thing after another, and what it asks next depends on the answer. It is written as a generator: each
 * `yield*` hands out something to begin and goes on when that has called back. There is no promise in it; the world's events drive it.
 */
import type { AdminClient, AdminResult, AdminTarget } from '../../client/admin/admin-client.ts';
import type { Api, RequestOf, ResponseOf } from '../../protocol/schema.ts';
import { exceptionOf, ToolError } from './failure.ts';

/** Something to begin, and to be called back from once, now or in a later event. */
export type Step = (resume: (value: unknown) => void) => void;

export type Steps<T> = Generator<Step, T, unknown>;

/** Runs them to the end. `failed` is called for what a tool says of the world; a bug of ours is thrown. */
export function runSteps<T>(steps: Steps<T>, done: (value: T) => void, failed: (error: ToolError) => void): void {
  const advance = (first: unknown): void => {
    let value = first;
    for (;;) {
      const next = nextOf(steps, value, failed);
      if (next === undefined) return;
      if (next.done === true) return done(next.value);
      let state: 'beginning' | 'waiting' | 'answered' = 'beginning';
      next.value((answer) => {
        const late = state === 'waiting';
        state = 'answered';
        if (late) advance(answer);
        else value = answer;
      });
      // What has not called back yet will call `advance`.
      if ((state as string) !== 'answered') {
        state = 'waiting';
        return;
      }
    }
  };
  advance(undefined);
}

function nextOf<T>(steps: Steps<T>, value: unknown, failed: (error: ToolError) => void) {
  try {
    return steps.next(value);
  } catch (thrown) {
    if (!(thrown instanceof ToolError)) throw thrown;
    failed(thrown);
    return undefined;
  }
}

/** Begins something with a callback, and gives what it was called back with. */
export function* called<T>(begin: (done: (value: T) => void) => void): Steps<T> {
  return (yield begin as Step) as T;
}

/** Begins all of them at once, and gives what each was called back with, in their order. */
export function* calledAll<T>(begins: readonly ((done: (value: T) => void) => void)[]): Steps<readonly T[]> {
  if (begins.length === 0) return [];
  return yield* called<readonly T[]>((done) => {
    const values: T[] = [];
    let missing = begins.length;
    begins.forEach((begin, index) => {
      begin((value) => {
        values[index] = value;
        missing -= 1;
        if (missing === 0) done(values);
      });
    });
  });
}

/** A request, to be sent with others by `askAll`. */
export interface Question<A extends Api> {
  readonly api: A;
  readonly body: RequestOf<A>;
  readonly target: AdminTarget;
}

/** Asks, and gives the answer; what the answer refuses is the caller's affair. Throws `ToolError` where none comes. */
export function* ask<A extends Api>(
  admin: AdminClient,
  api: A,
  body: RequestOf<A>,
  target: AdminTarget,
): Steps<ResponseOf<A>> {
  const result = yield* called<AdminResult<ResponseOf<A>>>((done) => admin.request(api, body, target, done));
  return responseOf(api, result);
}

/** Asks all at once. */
export function* askAll<A extends Api>(
  admin: AdminClient,
  questions: readonly Question<A>[],
): Steps<readonly ResponseOf<A>[]> {
  const results = yield* calledAll<AdminResult<ResponseOf<A>>>(
    questions.map(
      ({ api, body, target }) =>
        (done) =>
          admin.request(api, body, target, done),
    ),
  );
  return results.map((result, index) => responseOf(questions[index]!.api, result));
}

function responseOf<A extends Api>(api: A, result: AdminResult<ResponseOf<A>>): ResponseOf<A> {
  switch (result.kind) {
    case 'answered':
      return result.response;
    case 'failed':
      throw exceptionOf(result.error, null);
    case 'timed-out':
      throw new ToolError(
        'TimeoutException',
        result.lastError === 0
          ? `Timed out waiting for a node assignment. Call: ${callName(api)}`
          : `Call(callName=${callName(api)}) timed out, the latest error being ${exceptionOf(result.lastError, null).exception}`,
      );
  }
}

function callName({ name }: Api): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
