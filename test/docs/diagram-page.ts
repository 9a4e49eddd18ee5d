/** `docs/diagram.md` and the picture beside it: what was typed, and what was answered. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTimeline, ScriptHost } from '../../src/cli/repl/script-host.ts';
import { defaultClusterOptions, type Mode } from '../../src/cluster/options.ts';
import { DIAGRAM_USAGE } from '../../src/tools/diagram/options.ts';
import { MOST_MESSAGES } from '../../src/tools/messages/log.ts';

function prompt(mode: Mode): ScriptHost {
  const orders = { name: 'orders', partitions: 1, replicationFactor: 3, assignment: undefined, config: {} };
  return new ScriptHost(newTimeline({ ...defaultClusterOptions(mode, 7), timers: 'fast', topics: [orders] }));
}

/** What was typed, with the answers: of commands that only say that they are done, the line alone. */
function transcript(host: ScriptHost, lines: readonly string[]): readonly string[] {
  const shown = lines.flatMap((line) => {
    const { ok, lines: answer } = host.finish(line);
    if (!ok) throw new Error(`${line}: ${answer.join('; ')}`);
    return /^done\b/.test(answer[0] ?? '') ? [`> ${line}`] : [`> ${line}`, ...answer];
  });
  return ['```', ...shown, '```'];
}

const WEB = 'addClient web --produce orders --rate 20/s --config acks=all';

/** The picture of a failover. */
export function diagramPicture(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kzsim-docs-'));
  try {
    const path = join(folder, 'diagram.svg');
    const host = prompt('kraft');
    const lines = [
      WEB,
      'wait 1s',
      'kill leader(orders-0)',
      'wait 5s',
      `events --svg ${path} --around became-leader --span 30ms broker-1 broker-2 broker-3 controller-1001`,
    ];
    for (const line of lines) host.finish(line);
    return readFileSync(path, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function diagramPage(): string {
  return `${[
    '# Diagrams',
    '',
    '`diagram` at the prompt draws who said what to whom, decoded, around an event: a sequence diagram in letters, as wide as the terminal. `d` in the dashboard opens the same',
    'as a page around the selected event, node, partition or client. `events --svg FILE` (or `diagram --svg FILE`) writes it as a picture:',
    '',
    '![A leader dies: the messages of the failover](diagram.svg)',
    '',
    `\`${DIAGRAM_USAGE}\``,
    '',
    '| to ask | one types |',
    '| --- | --- |',
    '| around what was notable last, whoever took part | `diagram` |',
    '| around an event: its number stands in front of it in `events` | `diagram --around #1234` |',
    '| around the latest event of a kind ([trace-format.md](trace-format.md)) | `diagram --around became-leader` |',
    '| around a moment, in seconds since the cluster was ready | `diagram --around 12.5s` |',
    '| between certain nodes: names, selectors, or a partition for its replicas | `diagram web broker-1`, `diagram leader(orders-0) controller`, `diagram orders-0` |',
    '| of one node with whomever it speaks to | `diagram web` |',
    '| a longer stretch (200 ms if left out: a quarter before the moment, the rest after it) | `--span 2s` |',
    '| certain messages and their answers, by their names or how these begin | `--only Fetch,Produce` |',
    '| every message, also what says nothing new | `--all` |',
    '| as data | `diagram -o json` |',
    '',
    '| sign | means |',
    '| --- | --- |',
    '| `├──▶│` `│◀╌╌┤` | a request or a notice; an answer is dashed |',
    '| `├──✗  │` | it never arrived, or has not got through so far |',
    '| `├──…  │` `│  …──▶│` | it takes long: where it was sent, and where it arrives |',
    '| `↻` | a node speaks to itself |',
    '| `●` `◆` `✗` | an event at the node: good, neither, bad; `why #1234` tells more |',
    '| `┊` | the process does not run, or stands still |',
    '| `… 9 Fetch: nothing new` | messages that say nothing, or what was said before, in one row |',
    '',
    'Made by `test/docs/diagram.test.ts`; `npx vitest run test/docs -u` makes it anew.',
    '',
    '## A leader dies',
    '',
    'The controller writes that another broker leads, the brokers read it in the metadata log, and the follower fetches from the new leader, in the new epoch.',
    '',
    ...transcript(prompt('kraft'), [
      WEB,
      'wait 1s',
      'kill leader(orders-0)',
      'wait 5s',
      'events 5 orders-0',
      'diagram broker-1 broker-2 broker-3 controller-1001 --around became-leader --span 100ms',
    ]),
    '',
    'With ZooKeeper the controller is a broker. It changes the znode of the partition, which takes a round of Zab, and tells the brokers by LeaderAndIsr:',
    '',
    ...transcript(prompt('zookeeper'), [
      WEB,
      'wait 1s',
      'kill leader(orders-0)',
      'wait 5s',
      'diagram broker-2 broker-3 zk-1 zk-3 --around partition-changed --span 12ms --rows 25',
    ]),
    '',
    '## An acknowledgement is lost',
    '',
    'The request arrived, and its answer never left. The producer sends the same batch again, with the same sequence.',
    '',
    ...transcript(prompt('kraft'), [
      WEB,
      'wait 1s',
      'inject --api Produce --disconnect true --handled true --client web --count 1',
      'wait 200ms',
      'diagram web orders-0 --around batch-retried --only Produce',
    ]),
    '',
    '## A network is parted',
    '',
    ...transcript(prompt('kraft'), [
      WEB,
      'wait 1s',
      'partition leader(orders-0) | followers(orders-0), all(quorum)',
      'wait 300ms',
      'diagram orders-0 web --around 1s --span 100ms',
    ]),
    '',
    '## What is kept',
    '',
    `The latest ${MOST_MESSAGES.toLocaleString('en').replace(',', ' ')} messages are kept, each as the few words that it is drawn with: never a record. For an earlier moment the run is executed again up to there, in a cluster`,
    'of its own that leaves the present where it is ([time.md](time.md)). Where that cannot be, kzsim says why: real clients sent more than is kept of the past, or it is a scenario that',
    'plays. Listening changes nothing: with and without it a run has the same events, in the same order, and the same hash.',
    '',
    'Of messages of a real client the bytes are read as those of a simulated one; all real clients are one lifeline, `outside`. What SASL tokens hold is not shown. Acknowledgements of TCP',
    'and the opening of connections are no messages: that a connection was refused or ended is drawn as an event.',
  ].join('\n')}\n`;
}
