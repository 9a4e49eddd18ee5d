/** The controller's one thread (ControllerEventManager): events one after another, each to its end before the next begins. */
import type { Context, EventId } from '../../../../kernel/api.ts';
import { runTask, type Task } from '../task.ts';

export interface ControllerEvent {
  readonly run: () => Task<void>;
  /** The queue was emptied before its turn came. */
  readonly dropped?: () => void;
}

export class EventQueue {
  private readonly context: Context;
  /** What an event threw: a controller that moved, a session that is lost. The queue goes on. */
  private readonly failed: (thrown: unknown) => void;
  private queue: { readonly event: ControllerEvent; readonly cause: EventId }[] = [];
  private running = false;

  constructor(context: Context, failed: (thrown: unknown) => void) {
    this.context = context;
    this.failed = failed;
  }

  put(event: ControllerEvent): void {
    this.queue.push({ event, cause: this.context.cause });
    this.proceed();
  }

  /** Empties the queue for one event that matters more than all of them. */
  clearAndPut(event: ControllerEvent): void {
    const { queue } = this;
    this.queue = [];
    for (const { event: old } of queue) old.dropped?.();
    this.put(event);
  }

  private proceed(): void {
    if (this.running) return;
    const next = this.queue.shift();
    if (next === undefined) return;
    this.running = true;
    const before = this.context.cause;
    this.context.cause = next.cause;
    runTask(
      next.event.run(),
      () => this.ended(),
      (thrown) => {
        this.failed(thrown);
        this.ended();
      },
    );
    this.context.cause = before;
  }

  private ended(): void {
    this.running = false;
    this.proceed();
  }
}
