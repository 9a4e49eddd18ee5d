/** Machines, processes, disks and links: mostly the end of a chain, behind which a command stands. */
import { fieldText } from '../../causes.ts';
import { list, number, spanText, text } from '../fields.ts';
import { behindProcess, directCommand, latestCommand } from '../rules/command.ts';
import type { Telling, Tellings } from '../telling.ts';

/** A fault, which a command brought about. */
function fault(verbs: RegExp, say: Telling['say']): Telling {
  return { say, cause: (event, why) => directCommand(event, why) ?? latestCommand(event, why, verbs) };
}

function life(verbs: RegExp, say: Telling['say']): Telling {
  return { say, cause: (event, why) => behindProcess(event, why, verbs) };
}

/** What a rule does to the links of these nodes. */
function disturbance(rule: string, effect: string, nodes: readonly (string | number)[]): string {
  const whom = nodes.length === 0 ? 'some nodes' : nodes.join(', ');
  if (rule === 'isolate') return `${whom} was cut off from everybody`;
  if (rule === 'partition') return `the network was parted between ${whom}`;
  const effects: Readonly<Record<string, string>> = {
    block: 'nothing passes',
    delay: 'everything comes late',
    loss: 'packets are lost',
    bandwidth: 'little passes in a second',
    hold: 'everything waits',
  };
  return `links of ${whom} were disturbed: ${effects[effect] ?? effect}`;
}

export const machineTellings: Tellings = {
  'process-started': life(
    /^(start|restart|rollingRestart|startClient|kill|stop|powerOff)\b/,
    ({ node }) => `${node} was started`,
  ),
  'process-killed': fault(/^(kill|powerOff)\b/, ({ node }) => `${node} was killed (SIGKILL)`),
  'termination-requested': fault(
    /^(stop|restart|rollingRestart)\b/,
    ({ node }) => `${node} was asked to stop (SIGTERM)`,
  ),
  'process-stopped': {
    say: (event) => `${event.node} ended by itself: ${text(event, 'reason')}`,
    cause: (event, why) =>
      why.history.latest(
        event.id,
        ({ node, kind }) =>
          node === event.node &&
          [
            'termination-requested',
            'transaction-failed',
            'consumer-failed',
            'log-dir-failed',
            'zookeeper-session-lost',
          ].includes(kind.name),
      ) ?? directCommand(event, why),
  },
  'process-paused': fault(/^pause\b/, ({ node }) => `${node} was paused (SIGSTOP): it hears and says nothing`),
  'process-resumed': life(/^(resume|pause|heal)\b/, ({ node }) => `${node} runs again`),
  'process-slowed': fault(/^slowDown\b/, (event) => `${event.node} became ${number(event, 'factor')} times slower`),
  'machine-powered-off': fault(
    /^powerOff\b/,
    (event) => `${event.node} lost its power, and ${number(event, 'lostBytes')} bytes that were not yet durable`,
  ),
  'link-rule-installed': fault(/^(isolate|partition|cut|delay|loss|bandwidth|hold)\b/, (event) =>
    disturbance(text(event, 'rule'), text(event, 'effect'), list(event, 'nodes')),
  ),
  'link-rule-removed': life(
    /^(heal|release|isolate|partition|cut|delay|loss|bandwidth|hold)\b/,
    (event) => `the ${text(event, 'rule')} was lifted`,
  ),
  'disk-failed': fault(
    /^disk\b/,
    (event) => `the disk ${text(event, 'disk')} of ${event.node} failed (${text(event, 'fault')})`,
  ),
  'disk-mended': life(
    /^(disk|heal|repair)\b/,
    (event) => `the disk ${text(event, 'disk')} of ${event.node} works again`,
  ),
  'disk-slowed': fault(
    /^disk\b/,
    (event) =>
      `each sync of the disk ${text(event, 'disk')} of ${event.node} takes ${spanText(number(event, 'extraUs'))} longer`,
  ),
  'disk-torn': fault(/^(powerOff|disk)\b/, (event) => `the power loss tore ${text(event, 'path')} on ${event.node}`),
  'disk-corrupted': fault(/^disk\b/, (event) => `a bit of ${text(event, 'path')} on ${event.node} was flipped`),
  'disk-wiped': fault(/^wipe\b/, (event) => `the disk ${text(event, 'disk')} of ${event.node} was emptied`),
  'clock-skewed': fault(
    /^clock\b/,
    (event) => `the clock of ${event.node} was moved by ${number(event, 'deltaMs')} ms`,
  ),
  'clock-drifted': fault(
    /^clock\b/,
    (event) => `the clock of ${event.node} began to drift by ${number(event, 'ppm')} ppm`,
  ),
};

export const scenarioTellings: Tellings = {
  'cluster-readied': { say: () => 'the cluster was ready', cause: () => undefined },
  'step-begun': { say: (event, { author }) => `${author}: ${text(event, 'text')}`, cause: () => undefined },
  'expectation-judged': {
    say: (event) => `"${text(event, 'text')}" ${text(event, 'result')}: ${fieldText(event.values[3])}`,
    cause: () => undefined,
  },
  'healing-begun': { say: () => 'the steps were over, and everything was healed', cause: () => undefined },
  'cluster-converged': {
    say: () => 'every replica held what its leader holds',
    cause: (event, why) => why.history.latestOf('healing-begun', event.id),
  },
};
