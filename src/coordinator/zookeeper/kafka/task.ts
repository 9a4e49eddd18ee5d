/**
 * Work that waits for ZooKeeper again and again, written as it reads: one step under the other. A generator yields what it waits for
 * and goes on with the answer. No promises: every step runs inside the kernel's callback that brought the answer.
 */

/** Something to wait for: it is given what to call with the answer. */
type Wait = (resume: (value: unknown) => void) => void;

export type Task<T> = Generator<Wait, T, unknown>;

/** Waits for a callback. It may be called at once. */
export function* until<T>(start: (resume: (value: T) => void) => void): Task<T> {
  return (yield start as Wait) as T;
}

const NO_WAITS: readonly Wait[] = [];

/** A task that waits for nothing. */
export function* atOnce<T>(action: () => T): Task<T> {
  yield* NO_WAITS;
  return action();
}

/** Runs a task to its end. What it throws is given to `failed`. */
export function runTask<T>(task: Task<T>, done: (value: T) => void, failed: (thrown: unknown) => void): void {
  const step = (value: unknown): void => {
    let next: IteratorResult<Wait, T>;
    try {
      next = task.next(value);
    } catch (thrown) {
      failed(thrown);
      return;
    }
    if (next.done === true) done(next.value);
    else next.value(step);
  };
  step(undefined);
}

type Outcome<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly thrown: unknown };

/** Runs tasks side by side and waits for all of them; then, if one threw, throws what the first of them threw. */
export function* all<T>(tasks: readonly Task<T>[]): Task<T[]> {
  if (tasks.length === 0) return [];
  const outcomes = yield* until<readonly Outcome<T>[]>((resume) => {
    const ended: Outcome<T>[] = [];
    let left = tasks.length;
    tasks.forEach((task, index) => {
      const end = (outcome: Outcome<T>): void => {
        ended[index] = outcome;
        if (--left === 0) resume(ended);
      };
      runTask(
        task,
        (value) => end({ kind: 'done', value }),
        (thrown) => end({ kind: 'failed', thrown }),
      );
    });
  });
  return outcomes.map((outcome) => {
    if (outcome.kind === 'failed') throw outcome.thrown;
    return outcome.value;
  });
}
