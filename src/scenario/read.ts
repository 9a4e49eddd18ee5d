/** From the text of a file to a plan. Everything that is wrong with it is told at once, before anything runs. */

import type { ClientOptions } from '../cluster/client-options.ts';
import { clientOptions, clientProblem, clientSettingProblem } from '../cluster/client-shape.ts';
import { modeProblem, readKafkaVersion } from '../cluster/kafka-version.ts';
import { brokersNumbered, defaultClusterOptions, type Mode, type TopicOptions } from '../cluster/options.ts';
import { validateConfig } from '../config/validate.ts';
import type { Release } from '../protocol/schema.ts';
import { checkPlan } from './check.ts';
import { type Diagnostic, ScenarioError, sortDiagnostics } from './diagnostics.ts';
import { diagnose } from './issues.ts';
import { keysAt } from './keys-at.ts';
import type { Plan, Standing } from './plan.ts';
import { prune } from './prune.ts';
import { readSteps } from './read-steps.ts';
import { ScenarioFile, type ScenarioFileValue } from './schema.ts';
import { type Path, Source } from './source.ts';

type Settings = Readonly<Record<string, string | number | boolean>>;

/** Reads and checks a scenario. Throws `ScenarioError` with every mistake. */
export function readScenario(file: string, text: string): Plan {
  const source = Source.read(file, text);
  const diagnostics: Diagnostic[] = [];
  const value = readShape(source, diagnostics);
  const settings = new SettingsReader(source, diagnostics);
  const modes: readonly Mode[] = value.modes ?? ['kraft', 'zookeeper'];
  const topics = readTopics(value, settings);
  const cluster = {
    ...readCluster(value, topics, settings),
    kafkaVersion: readRelease(source, value, modes, diagnostics),
  };
  const clients = readClients(source, value, diagnostics);
  const steps = readSteps(source, value.steps ?? [], ['steps'], diagnostics);
  const on = readSteps(source, value.on ?? [], ['on'], diagnostics);
  const plan: Plan = {
    file,
    name: value.name,
    about: value.about ?? '',
    tags: value.tags ?? [],
    modes,
    seed: value.seed ?? 42,
    cluster,
    clients,
    steps: steps.steps,
    on: on.steps,
    always: readStandings(source, value.always ?? [], 'always'),
    finally: readStandings(source, value.finally ?? [], 'finally'),
  };
  diagnostics.push(
    ...checkPlan(source, plan, { steps: steps.flat, on: on.flat, unread: [...steps.unread, ...on.unread] }),
  );
  refuse(source, diagnostics);
  return plan;
}

/** Throws for whatever is wrong. A trap says all that is to be said of its line. */
function refuse(source: Source, diagnostics: readonly Diagnostic[]): void {
  const trapped = new Set(source.traps.map(({ line }) => line));
  const rest = diagnostics.filter(({ line }) => !trapped.has(line));
  const all = sortDiagnostics([...source.traps, ...rest]);
  if (all.length > 0) throw new ScenarioError(all);
}

/** How often parts are taken out before the rest is given up. */
const MOST_PRUNINGS = 20;

/** The file in its shape. What does not fit is told and taken out, and the rest looked at again. */
function readShape(source: Source, diagnostics: Diagnostic[]): ScenarioFileValue {
  let value = source.value;
  for (let round = 0; round < MOST_PRUNINGS; round++) {
    const parsed = ScenarioFile.safeParse(value, { reportInput: true });
    if (parsed.success) return parsed.data;
    diagnostics.push(...diagnose(source, parsed.error.issues, [], keysAt));
    value = prune(value, parsed.error.issues);
  }
  refuse(source, diagnostics);
  throw new Error('a scenario without a shape must be refused');
}

class SettingsReader {
  readonly #source: Source;
  readonly #diagnostics: Diagnostic[];

  constructor(source: Source, diagnostics: Diagnostic[]) {
    this.#source = source;
    this.#diagnostics = diagnostics;
  }

  read(scope: 'broker' | 'topic', settings: Settings | undefined, path: Path): Readonly<Record<string, string>> {
    const read: Record<string, string> = {};
    for (const [name, value] of Object.entries(settings ?? {})) {
      const problem = validateConfig(scope, name, value);
      if (problem !== null) this.#diagnostics.push(this.#source.point({ path: [...path, name], at: 'key' }, problem));
      read[name] = String(value);
    }
    return read;
  }
}

function readTopics(value: ScenarioFileValue, settings: SettingsReader): readonly TopicOptions[] {
  return Object.entries(value.topics ?? {}).map(([name, topic]) => ({
    name,
    partitions: topic?.assignment?.length ?? topic?.partitions ?? 1,
    replicationFactor: topic?.replicationFactor,
    assignment: topic?.assignment,
    config: settings.read('topic', topic?.config, ['topics', name, 'config']),
  }));
}

function readCluster(
  value: ScenarioFileValue,
  topics: readonly TopicOptions[],
  settings: SettingsReader,
): Plan['cluster'] {
  const { mode: _mode, seed: _seed, ...defaults } = defaultClusterOptions('kraft', 0);
  const { cluster } = value;
  const given = cluster?.brokers ?? defaults.brokers.length;
  const brokers =
    typeof given === 'number'
      ? brokersNumbered(given)
      : given.map(({ id, rack, logDirs }) => ({ id, rack: rack ?? null, logDirs: logDirs ?? 1 }));
  const combined = cluster?.controllers === 'combined';
  return {
    ...defaults,
    brokers,
    quorum: cluster?.quorum ?? (combined ? Math.min(defaults.quorum, brokers.length) : defaults.quorum),
    combined,
    timers: cluster?.timers ?? defaults.timers,
    config: settings.read('broker', cluster?.config, ['cluster', 'config']),
    network: {
      latencyUs: cluster?.network?.latency ?? defaults.network.latencyUs,
      jitterUs: cluster?.network?.jitter ?? defaults.network.jitterUs,
    },
    zookeeper: {
      tickTimeMs: cluster?.zookeeper?.tickTime ?? defaults.zookeeper.tickTimeMs,
      initLimit: cluster?.zookeeper?.initLimit ?? defaults.zookeeper.initLimit,
      syncLimit: cluster?.zookeeper?.syncLimit ?? defaults.zookeeper.syncLimit,
    },
    kafkaVersion: undefined,
    topics,
  };
}

function readRelease(
  source: Source,
  { cluster }: ScenarioFileValue,
  modes: readonly Mode[],
  diagnostics: Diagnostic[],
): Release | undefined {
  if (cluster?.kafkaVersion === undefined) return undefined;
  const release = readKafkaVersion(String(cluster.kafkaVersion));
  const tell = (problem: string, hint?: string): void => {
    diagnostics.push(source.point({ path: ['cluster', 'kafkaVersion'] }, problem, hint));
  };
  if (typeof release !== 'string') {
    tell(release.problem);
    return undefined;
  }
  const unfit = modeProblem(release, modes);
  if (unfit !== null) tell(unfit, 'say modes: [kraft], or kafkaVersion: 3.9');
  return release;
}

function readClients(source: Source, value: ScenarioFileValue, diagnostics: Diagnostic[]): readonly ClientOptions[] {
  const clients: ClientOptions[] = [];
  for (const [name, client] of Object.entries(value.clients ?? {})) {
    const path = ['clients', name];
    const say = (where: Path, message: string, hint?: string) =>
      diagnostics.push(source.point({ path: where, at: 'key' }, message, hint));
    const problem = clientProblem(name, client);
    if (problem !== undefined)
      say(problem.key === undefined ? path : [...path, problem.key], problem.message, problem.hint);
    if (problem !== undefined && problem.key === undefined) continue;
    for (const [key, setting] of Object.entries(client.config ?? {})) {
      const wrong = clientSettingProblem(client, key, setting);
      if (wrong !== null) say([...path, 'config', key], wrong);
    }
    clients.push(clientOptions(name, client));
  }
  return clients;
}

function readStandings(
  source: Source,
  values: NonNullable<ScenarioFileValue['always']>,
  key: 'always' | 'finally',
): readonly Standing[] {
  return values.map((value, index) => {
    const line = source.lineOf([key, index]);
    if (typeof value === 'string') return { line, text: value, fromUs: undefined, untilUs: undefined };
    return { line, text: value.expr, fromUs: value.from, untilUs: value.until };
  });
}
