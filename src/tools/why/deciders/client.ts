/** Values of producing clients. */
import type { ProducerRecord } from '../../../cluster/model/clients.ts';
import { isAvailable } from '../../../cluster/observables/partition.ts';
import type { TraceEvent } from '../../../kernel/api.ts';
import { momentText } from '../answer.ts';
import { text } from '../fields.ts';
import { silencer } from '../rules/silence.ts';
import { type Cause, type Decision, ofClient, type Why } from '../telling.ts';
import { type Decider, decided, NOW, type Question } from './decider.ts';
import { PROCESS } from './node.ts';
import { offline } from './partition.ts';

/** An older error does not hold a client up any more. */
export const RECENT_US = 15_000_000;
/** Too short to be an outage. */
const SHORT_US = 300_000;

/** Nodes of a client: its name, or `name[0]`, `name[1]` … */
export const isOf =
  (client: string) =>
  ({ node }: TraceEvent): boolean =>
    node === client || node.startsWith(`${client}[`);

export const producerDecider: Decider = (question, why) => {
  const { name, property, args, model } = question;
  const { history } = why;
  const own = isOf(name);
  const record = model.producers.all.get(name);
  switch (property) {
    case 'lastError':
    case 'errors':
      return (
        history.latestError(undefined, (event) => own(event) && isMeant(event, args)) ?? {
          ending: 'it has seen none',
        }
      );
    case 'failed':
      return (
        history.latestOf(['batch-failed', 'send-failed'], undefined, own) ?? { ending: 'no send of it has failed' }
      );
    case 'retried':
      return history.latestOf('batch-retried', undefined, own) ?? { ending: 'it had to send nothing twice' };
    case 'longestGap':
    case 'p999':
    case 'p99':
      return record === undefined ? undefined : whyGap(record, question, why);
    default:
      return whatGoesOn(question, why);
  }
};

function isMeant(event: TraceEvent, [error, partition]: readonly string[]): boolean {
  return (
    (error === undefined || text(event, 'error') === error) &&
    (partition === undefined || text(event, 'partition') === partition)
  );
}

/** Counts and rates: what it was told to send, unless something holds it up just now. */
function whatGoesOn(question: Question, why: Why): Cause | Decision {
  const { name, model } = question;
  const own = isOf(name);
  const { history } = why;
  const record = model.producers.all.get(name);
  const silentUs = record?.lastAckUs === undefined || !record.sending ? 0 : model.nowUs - record.lastAckUs;
  if (silentUs > 1_000_000) return outage(question, model.nowUs - silentUs, undefined, NOW, why);
  return history.latestOf(['sending-started', 'sending-stopped', ...PROCESS], undefined, own);
}

/** The longest silence between two acknowledgements: what ended it, and what it was behind. */
function whyGap(record: ProducerRecord, question: Question, why: Why): Cause | Decision {
  const { model } = question;
  const lastsUs = record.sending && record.lastAckUs !== undefined ? model.nowUs - record.lastAckUs : 0;
  const end = record.longestGapEnd;
  if (lastsUs > record.longestGapUs) {
    const beganUs = record.lastAckUs!;
    const { causes } = decided(outage(question, beganUs, undefined, NOW, why));
    return { causes, remark: `nothing was acknowledged since ${momentText(beganUs - why.zeroUs)}` };
  }
  if (end === undefined) return { ending: 'it has had fewer than two acknowledgements' };
  const beganUs = end.atUs - record.longestGapUs;
  const remark = `from ${momentText(beganUs - why.zeroUs)} to ${momentText(end.atUs - why.zeroUs)}`;
  if (record.longestGapUs < SHORT_US)
    return { causes: [{ ending: 'it sends no more often, or waits so long for the replicas' }], remark };
  const ending = { id: end.event, atUs: end.atUs } as TraceEvent;
  return { causes: decided(outage(question, beganUs, end.partition, ending, why)).causes, remark };
}

/** What stood between a client and its acknowledgements from a moment on, until an event. */
function outage(
  question: Question,
  sinceUs: number,
  partition: string | undefined,
  until: TraceEvent,
  why: Why,
): Cause | Decision {
  const { history } = why;
  const own = isOf(question.name);
  const within = ({ atUs }: TraceEvent): boolean => atUs >= sinceUs;
  const awaited = partition === undefined ? unserved(question) : partition;
  const mended =
    partition === undefined
      ? undefined
      : history.latestOf(
          'partition-changed',
          until.id,
          (change) => text(change, 'partition') === partition && within(change),
        );
  if (mended !== undefined) return mended;
  if (awaited !== undefined && until === NOW && !isAvailable(question.model, awaited))
    return offline({ ...question, name: awaited }, why);
  const error = history.latestError(until.id, (event) => own(event) && within(event));
  const client = question.cluster.clients.all.get(question.name)?.members[0]?.node ?? question.name;
  const silent = silencer(until, why, { node: client, sinceUs, listener: client });
  if (error !== undefined || silent !== undefined) return error ?? silent;
  const broken = history.latest(until.id, (event) => within(event) && FAULTS.includes(event.kind.name));
  return broken ?? { ending: 'it had nothing to send, or was told so', settings: [ofClient(client, 'linger.ms')] };
}

const FAULTS: readonly string[] = [
  'process-killed',
  'process-paused',
  'machine-powered-off',
  'link-rule-installed',
  'disk-slowed',
  'process-slowed',
];

/** A partition of its topic that nobody serves. */
function unserved({ name, cluster, model }: Question): string | undefined {
  const role = cluster.clients.all.get(name)?.options.role;
  const topic = role?.kind === 'produce' ? role.topic : undefined;
  return [...model.authority.partitions.values()].find(
    (record) => record.topic === topic && !isAvailable(model, record.name),
  )?.name;
}
