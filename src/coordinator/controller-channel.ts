/**
 * A line to whoever is the active controller (NodeToControllerChannelManager): one request in flight, the others wait.
 * When the controller is gone or says that it is none, the request goes to the next one, before all others.
 */
import type { Context, EventId, Timer } from '../kernel/api.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { Api } from '../protocol/schema.ts';
import type { RpcChannel, RpcFailure } from '../rpc/api.ts';

/** How often it looks whether a controller is known. */
const POLL_MS = 100;

/** Lines to the nodes that may be controllers. */
export interface ControllerChannels {
  /** Undefined for an id that nobody knows. */
  to(id: number): RpcChannel | undefined;
  close(): void;
}

export interface ControllerRequest {
  readonly api: Api;
  readonly version: number;
  /** Made anew for each attempt, since a body belongs to the message that carries it. */
  readonly body: () => unknown;
  /** Whether this response says that its sender is not the controller. */
  readonly isNotController: (response: unknown) => boolean;
  readonly done: (response: unknown) => void;
  /** Time ran out before a controller was found. */
  readonly expired: () => void;
}

interface Waiting {
  readonly request: ControllerRequest;
  readonly deadlineMs: number;
  readonly cause: EventId;
}

export class ControllerChannel {
  private readonly context: Context;
  private readonly channels: ControllerChannels;
  /** Id of the active controller as far as is known, −1 if it is not. */
  private readonly leaderId: () => number;
  private queue: Waiting[] = [];
  private inFlight: Waiting | null = null;
  private timer: Timer | null = null;

  constructor(context: Context, channels: ControllerChannels, leaderId: () => number) {
    this.context = context;
    this.channels = channels;
    this.leaderId = leaderId;
  }

  /** `timeoutMs` limits how long it may wait for a controller; an attempt that is under way is not cut short. */
  send(request: ControllerRequest, timeoutMs: number): void {
    const { context } = this;
    this.queue.push({ request, deadlineMs: context.nowMs() + timeoutMs, cause: context.cause });
    this.proceed();
  }

  close(): void {
    this.timer?.cancel();
    this.channels.close();
  }

  private proceed(): void {
    if (this.inFlight !== null || this.timer !== null) return;
    this.expire();
    const next = this.queue[0];
    if (next === undefined) return;
    const channel = this.channels.to(this.leaderId());
    if (channel === undefined) {
      this.wait();
      return;
    }
    this.queue.shift();
    this.inFlight = next;
    const { api, version, body } = next.request;
    this.context.cause = next.cause;
    channel.send(api, version, body(), onResponse, this);
  }

  private expire(): void {
    const nowMs = this.context.nowMs();
    const late = this.queue.filter(({ deadlineMs }) => deadlineMs < nowMs);
    if (late.length === 0) return;
    this.queue = this.queue.filter(({ deadlineMs }) => deadlineMs >= nowMs);
    for (const { request } of late) request.expired();
  }

  private wait(): void {
    this.timer = this.context.after(POLL_MS * 1000, onPoll, this);
  }

  poll(): void {
    this.timer = null;
    this.proceed();
  }

  answered(response: unknown, failure: RpcFailure | null): void {
    const waiting = this.inFlight;
    if (waiting === null) return;
    this.inFlight = null;
    if (failure !== null || waiting.request.isNotController(response)) {
      this.queue.unshift(waiting);
      this.wait();
      return;
    }
    waiting.request.done(response);
    this.proceed();
  }
}

const onPoll = (channel: ControllerChannel): void => channel.poll();
const onResponse = (channel: ControllerChannel, response: unknown, failure: RpcFailure | null): void =>
  channel.answered(response, failure);

/** For responses with one error code for all. */
export function saysNotController(response: unknown): boolean {
  return (response as { readonly errorCode: number }).errorCode === ErrorCode.NOT_CONTROLLER;
}
