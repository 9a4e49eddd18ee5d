/** What the active controller does unasked. Periods count from the end of the run before. */
import type { Context } from '../../../kernel/api.ts';
import { kraftEvents } from '../events.ts';
import type { ActiveController } from './active-controller.ts';
import { decideFencing, decideStaleBroker, type StaleBroker } from './broker-life.ts';
import { decidePreferredSweep, decideUncleanSweep, MAX_ELECTIONS_PER_SWEEP } from './elect-leaders.ts';

/** When there is more of the same to do, the next run follows after this. */
const AGAIN_MS = 10;

interface Task {
  readonly context: Context;
  readonly active: ActiveController;
  readonly periodMs: number;
  /** Returns whether there may be more to do at once. */
  readonly run: (active: ActiveController, nowMs: number, context: Context) => boolean;
}

export function startPeriodicTasks(context: Context, active: ActiveController): void {
  const { config } = active.state;
  const start = (periodMs: number, run: Task['run']) => schedule({ context, active, periodMs, run }, periodMs);
  if (config.maxIdleIntervalMs > 0) start(config.maxIdleIntervalMs, writeNoOp);
  start(Math.floor(config.sessionTimeoutMs / 8), fenceStaleBroker);
  if (config.autoLeaderRebalance) start(config.leaderImbalanceCheckIntervalMs, electPreferred);
  start(config.uncleanElectionIntervalMs, electUnclean);
}

function schedule(task: Task, delayMs: number): void {
  task.context.cause = 0;
  task.context.after(delayMs * 1000, runTask, task);
}

function runTask(task: Task): void {
  const { active, context, periodMs } = task;
  if (active.isEnded) return;
  const more = task.run(active, context.nowMs(), context);
  if (!active.isEnded) schedule(task, more ? AGAIN_MS : periodMs);
}

const nobody = (): void => {};

/** So that the high watermark moves, and lag can be told from silence. */
function writeNoOp(active: ActiveController): boolean {
  active.carryOut({ records: [{ kind: 'no-op' }], reason: 'idle', response: null }, nobody, nobody);
  return false;
}

function fenceStaleBroker(active: ActiveController, nowMs: number, context: Context): boolean {
  const decision = decideStaleBroker(active.state, nowMs);
  if (decision === null) return false;
  endSession(active, decision, nowMs, context);
  return true;
}

/** Fences a broker whose session an operator ends; its next heartbeat unfences it. False if it has none, or is fenced. */
export function expireSession(active: ActiveController, brokerId: number, context: Context): boolean {
  if (active.state.heartbeats.contactMs(brokerId) < 0) return false;
  const decision = decideFencing(active.state, brokerId);
  if (decision.records.length === 0) return false;
  endSession(active, decision, context.nowMs(), context);
  return true;
}

function endSession(active: ActiveController, decision: StaleBroker, nowMs: number, context: Context): void {
  const { brokerId } = decision;
  const { heartbeats } = active.state;
  if (decision.records.length > 0) {
    const silentMs = nowMs - heartbeats.contactMs(brokerId);
    context.cause = context.emit(kraftEvents['broker-session-expired'], [brokerId, silentMs]);
  }
  heartbeats.endSession(brokerId);
  active.carryOut(decision, nobody, nobody);
}

function electPreferred(active: ActiveController): boolean {
  const decision = decidePreferredSweep(active.state);
  active.carryOut(decision, nobody, nobody);
  return decision.records.length >= MAX_ELECTIONS_PER_SWEEP;
}

function electUnclean(active: ActiveController): boolean {
  const decision = decideUncleanSweep(active.state);
  active.carryOut(decision, nobody, nobody);
  return decision.records.length >= MAX_ELECTIONS_PER_SWEEP;
}
