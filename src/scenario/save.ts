/** A session at the prompt as a scenario: the same cluster, and each line that did something as a step at its time. */
import { Document, isMap, isScalar, isSeq, type Node, type Pair, visit } from 'yaml';
import type { ClientOptions } from '../cluster/client-options.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { type ClusterOptions, defaultClusterOptions } from '../cluster/options.ts';
import { formatDuration } from '../cluster/units.ts';
import { VERBS } from '../cluster/verbs/index.ts';
import { timeText } from '../tools/causes.ts';
import { onOneLine } from '../tools/heredoc.ts';
import type { TakenInput } from './branches.ts';
import { ScenarioError } from './diagnostics.ts';
import { readScenario } from './read.ts';
import { stepOf, type Yaml } from './save-step.ts';
import type { Timeline } from './timeline.ts';

export interface SavedScenario {
  readonly text: string;
  readonly steps: number;
  /** What happened and a scenario cannot say, or what would end one. */
  readonly missing: readonly string[];
  /** Why it is no valid scenario without them. */
  readonly mistakes: readonly string[];
}

/** The present branch, all of it. */
export function savedScenario(timeline: Timeline, name: string): SavedScenario {
  const { cluster, branch } = timeline;
  const { options } = cluster;
  const missing: string[] = [];
  const steps = stepsOf(branch.inputs, cluster, missing);
  const real = branch.inputs.some(({ input }) => input.kind === 'open') || timeline.branches.forgotten;
  if (real) missing.push('what real clients sent and read');
  if (options.users.length > 0) missing.push('the users of SASL');
  const declared = declaredClients(cluster, steps);
  const content: Yaml = {
    version: 1,
    name,
    about: 'Saved from a session at the prompt.',
    modes: [options.mode],
    seed: options.seed,
    cluster: clusterOf(options),
    ...(options.topics.length > 0 && { topics: topicsOf(options) }),
    ...(declared.length > 0 && {
      clients: Object.fromEntries(declared.map((client) => [client.name, clientOf(client)])),
    }),
    ...(steps.length > 0 && { steps }),
  };
  const comments = missing.map((what) => `# Not in it: ${what.replaceAll('\n', ' ')}\n`).join('');
  const text = comments + printed(content);
  return { text, steps: steps.length, missing, mistakes: mistakesIn(text) };
}

/** What is left out may be what a later step needs. */
function mistakesIn(text: string): readonly string[] {
  try {
    readScenario('', text);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    return thrown.diagnostics.map(({ line, message }) => `line ${line}: ${message}`);
  }
}

/** Each line that did what it says, as a step; of every other, why not. */
function stepsOf(inputs: readonly TakenInput[], cluster: Cluster, missing: string[]): readonly Yaml[] {
  const { zeroUs = 0 } = cluster;
  const lines = inputs.filter(({ input }) => input.kind === 'line');
  const steps: Yaml[] = [];
  const pace = new StepPace(zeroUs);
  for (const [index, taken] of lines.entries()) {
    const { text } = taken.input as { readonly text: string };
    const next = lines[index + 1];
    // Steps wait for each other; what went on while the next line was typed does so beside it.
    const beside = next !== undefined && (taken.end === undefined || taken.end.atUs > next.atUs);
    const step = keptStep(taken, text, zeroUs, missing);
    if (step !== undefined) steps.push({ ...pace.when(taken, beside), ...step, ...(beside && { background: true }) });
  }
  return steps;
}

function keptStep({ atUs, end }: TakenInput, text: string, zeroUs: number, missing: string[]): Yaml | undefined {
  // What it gave up is named itself.
  if (/^\s*cancel\b/.test(text)) return undefined;
  const step = end?.did === false ? undefined : stepOf(text);
  if (step === undefined)
    missing.push(
      `${timeText(atUs - zeroUs)} ${onOneLine(text)} (${end?.did === false ? end.words : 'only the prompt has it'})`,
    );
  return step;
}

/** When each step runs: at its time, as long as no step before it can end late; from then on, so long after the step before it. */
class StepPace {
  readonly #zeroUs: number;
  /** When the step before it ended; undefined while nothing has waited. */
  #sinceUs: number | undefined;

  constructor(zeroUs: number) {
    this.#zeroUs = zeroUs;
  }

  when({ atUs, end }: TakenInput, beside: boolean): Yaml {
    const since = this.#sinceUs;
    const endedUs = beside ? atUs : (end?.atUs ?? atUs);
    if (since !== undefined || endedUs > atUs) this.#sinceUs = endedUs;
    if (since === undefined) return { at: formatDuration(atUs - this.#zeroUs) };
    return atUs > since ? { after: formatDuration(atUs - since) } : {};
  }
}

function clusterOf(options: ClusterOptions): Yaml {
  const { brokers, quorum, combined, timers, config, network, zookeeper, kafkaVersion, mode } = options;
  const usual = defaultClusterOptions(mode, 0);
  const plain = brokers.every(({ id, rack, logDirs }, index) => id === index + 1 && rack === null && logDirs === 1);
  return {
    brokers: plain
      ? brokers.length
      : brokers.map(({ id, rack, logDirs }) => ({ id, ...(rack !== null && { rack }), logDirs })),
    quorum,
    ...(combined && { controllers: 'combined' }),
    timers,
    ...(Object.keys(config).length > 0 && { config }),
    network: { latency: formatDuration(network.latencyUs), jitter: formatDuration(network.jitterUs) },
    ...(JSON.stringify(zookeeper) !== JSON.stringify(usual.zookeeper) && {
      zookeeper: { tickTime: zookeeper.tickTimeMs, initLimit: zookeeper.initLimit, syncLimit: zookeeper.syncLimit },
    }),
    ...(kafkaVersion !== undefined && { kafkaVersion }),
  };
}

function topicsOf({ topics }: ClusterOptions): Yaml {
  return Object.fromEntries(
    topics.map(({ name, partitions, replicationFactor, assignment, config }) => [
      name,
      {
        ...(assignment === undefined ? { partitions } : { assignment }),
        ...(assignment === undefined && replicationFactor !== undefined && { replicationFactor }),
        ...(Object.keys(config).length > 0 && { config }),
      },
    ]),
  );
}

/** Without those that a step adds. */
function declaredClients({ clients }: Cluster, steps: readonly Yaml[]): readonly ClientOptions[] {
  const added = new Set(steps.map((step) => step['addClient']));
  return [...clients.all.values()].map(({ options }) => options).filter(({ name }) => !added.has(name));
}

function clientOf({ members, config, start, role }: ClientOptions): Yaml {
  const shared = {
    ...(members !== 1 && { members }),
    ...(Object.keys(config).length > 0 && { config }),
    ...(!start && { start }),
  };
  if (role.kind === 'produce') {
    const { topic, rate, keys, valueSize, transaction } = role;
    const every = rate === null ? undefined : formatDuration(rate.perUs).replace(/^1(?=[a-z])/, '');
    return {
      produce: topic,
      ...(rate !== null && { rate: `${rate.count}/${every}` }),
      ...(keys !== null && { keys }),
      valueSize,
      ...(transaction && {
        transaction: {
          ...(transaction.records !== null && { records: transaction.records }),
          abort: `${transaction.abortPerMille / 10}%`,
        },
      }),
      ...shared,
    };
  }
  const { group, processUs, commit } = role.reading;
  const work = role.kind === 'consume' ? { consume: role.topics } : { transform: { from: role.from, to: role.to } };
  return { ...work, ...(group !== null && { group }), process: formatDuration(processUs), commit, ...shared };
}

/** What is small stands on one line. */
function printed(content: Yaml): string {
  const document = new Document(content);
  visit(document, {
    Collection(_key, node, path) {
      if (path.length > 2 && !(isSeq(node) && node.items.some(isLong)) && isShort(node)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

const isLong = (item: unknown): boolean => isMap(item) || isSeq(item);

const STEP_WORDS: ReadonlySet<string> = new Set(['at', 'after', ...VERBS.map(({ name }) => name)]);

/** Steps keep a line for each of their keys. */
function isShort(node: Node): boolean {
  if (!isMap(node)) return true;
  return !node.items.some(({ key }: Pair) => isScalar(key) && STEP_WORDS.has(String(key.value)));
}
