import { z } from 'zod';
import { nearest } from '../../config/nearest.ts';
import {
  clientNameProblem,
  clientOptions,
  clientProblem,
  clientSettingProblem,
  clientShape,
  topicsOf,
} from '../client-shape.ts';
import { clientNodes } from '../names.ts';
import * as argument from './arguments.ts';
import type { Verb, VerbRun } from './verb.ts';

const args = z.strictObject({ name: argument.newName(), ...clientShape });

export const addClient: Verb<typeof args> = {
  name: 'addClient',
  family: 'clients',
  summary:
    'adds a client that goes on by itself, and starts it: a producer, the consumers of a group, or a transformer',
  details:
    'It is what stands under `clients:` in a scenario. `stopClient` ends it in an orderly way, `kill` at once; `set` changes the rate of a producer.',
  examples: [
    {
      yaml: 'addClient: web\n  produce: orders\n  rate: 100/s\n  config: { acks: all }',
      prompt: 'addClient web --produce orders --rate 100/s --config acks=all',
    },
    {
      yaml: 'addClient: billing\n  consume: orders\n  members: 2',
      prompt: 'addClient billing --consume orders --members 2',
    },
  ],
  subject: 'name',
  args,
  fault: false,
  apply(run, { name, ...value }) {
    const { cluster } = run;
    if (cluster.clients.all.has(name)) return run.fail(`there is a client "${name}" already`);
    const problem = clientNameProblem(name, [...cluster.nodes.keys()]) ?? clientProblem(name, value);
    if (problem !== undefined)
      return run.fail(problem.hint === undefined ? problem.message : `${problem.message} - ${problem.hint}`);
    for (const [key, setting] of Object.entries(value.config ?? {})) {
      const wrong = clientSettingProblem(value, key, setting);
      if (wrong !== null) return run.fail(wrong);
    }
    const options = clientOptions(name, value);
    const missing = topicsOf(options).find((topic) => !canBeUsed(run, topic));
    if (missing !== undefined) {
      const meant = nearest(missing, [...cluster.catalog.topics().keys()]);
      return run.fail(`there is no topic "${missing}"${meant === undefined ? '' : ` - did you mean ${meant}?`}`);
    }
    cluster.addClient(options);
    const nodes = clientNodes(name, options.members);
    if (options.start) for (const node of nodes) cluster.start(node);
    run.done({ resolved: nodes });
  },
};

/** A client may be there before its topic, where brokers create topics by themselves. */
function canBeUsed({ cluster }: VerbRun, topic: string): boolean {
  return cluster.model.authority.topics.has(topic) || cluster.config.boolean('auto.create.topics.enable');
}
