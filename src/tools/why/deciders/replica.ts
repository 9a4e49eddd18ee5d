/** What one replica believes, and how far its log goes. */
import type { TraceEvent } from '../../../kernel/api.ts';
import { number, text } from '../fields.ts';
import { latestChange } from '../rules/leadership.ts';
import { startDecision } from '../rules/log-start.ts';
import { silencer, stoppedBy } from '../rules/silence.ts';
import type { Cause, Decision, Why } from '../telling.ts';
import { all, type Decider, NOW, type Question } from './decider.ts';

const KINDS: Readonly<Record<string, readonly string[]>> = {
  leader: ['became-leader', 'became-follower', 'replica-stopped'],
  epoch: ['became-leader', 'became-follower'],
  isr: ['isr-adopted', 'became-leader'],
};

export const replicaDecider: Decider = (question, why) => {
  const { name, property, replica } = question;
  const node = `broker-${replica}`;
  const stopped = stoppedBy(node, NOW, why);
  if (stopped !== undefined) return { causes: [stopped], remark: `${node} does not run` };
  const ofReplica = (event: TraceEvent): boolean => event.node === node && text(event, 'partition') === name;
  if (property === 'start' || property === 'segments')
    return startDecision(name, node, why) ?? { ending: 'nothing of it was deleted' };
  const wanted = KINDS[property] ?? ['log-truncated', 'became-follower', 'became-leader'];
  const own = why.history.latestOf(wanted, undefined, ofReplica);
  const belief = why.history.latestOf(KINDS.epoch!, undefined, ofReplica);
  return unheard(question, node, belief, why) ?? own ?? belief;
};

/** The authority has decided otherwise since, and the broker has not heard of it. */
function unheard(
  { name, model }: Question,
  node: string,
  belief: TraceEvent | undefined,
  why: Why,
): Decision | undefined {
  const record = model.authority.partitions.get(name);
  if (record === undefined || belief === undefined || number(belief, 'leaderEpoch') >= record.leaderEpoch)
    return undefined;
  const change = latestChange(name, undefined, why, (other) => number(other, 'leaderEpoch') === record.leaderEpoch);
  const first =
    latestChange(name, undefined, why, (other) => number(other, 'leaderEpoch') === number(belief, 'leaderEpoch') + 1) ??
    change;
  const cut: Cause = first && silencer(first, why, { node, sinceUs: first.atUs - 1_000_000 });
  const leader = record.leader < 0 ? 'nobody' : `broker-${record.leader}`;
  return {
    causes: all(cut, change),
    remark: `the authority has named ${leader} in epoch ${record.leaderEpoch} since then, and ${node} has not heard of it`,
  };
}
