/** `docs/tour.md`: the screens of a walk through the dashboard. */
import { readFileSync } from 'node:fs';
import type { Size } from '../../src/cli/dashboard/arrange.ts';
import { KEYMAP } from '../../src/cli/dashboard/keymap.ts';
import { TourTerminal } from './tour-terminal.ts';

const LARGE: Size = { columns: 120, rows: 40 };
const MIDDLE: Size = { columns: 80, rows: 24 };
const SMALL: Size = { columns: 60, rows: 20 };

/** A screen as a block; runs of empty rows are shortened to one. */
function shown(terminal: TourTerminal): readonly string[] {
  const rows = terminal.screen().filter((row, index, all) => row !== '' || all[index - 1] !== '');
  return ['```text', ...rows, '```', ''];
}

export function tourPage(): string {
  return [...HEAD, ...walk(), ...keys(), ...pages(), ...playing(), ...zookeeper(), ...small(), ...TAIL].join('\n');
}

const HEAD = [
  '# A tour of the dashboard',
  '',
  '`kzsim up` and `kzsim play FILE` show a cluster on a terminal, from 60×20 to as large as it is; it may be resized at any moment. These are its screens, as they stand',
  'when the keys named above them were pressed; runs of empty rows are shortened. `npx vitest run test/docs --update=true` makes them anew.',
  '',
];

function walk(): readonly string[] {
  const up = TourTerminal.up('kraft', { orders: 3 }, LARGE);
  const began = shown(up.pass(2));
  up.type('addClient web --produce orders --rate 20/s').type('addClient billing --consume orders --members 2').pass(5);
  up.press('Down', 'K').pass(1.5);
  const died = shown(up);
  const failover = shown(up.pass(10));
  const why = shown(up.press('w'));
  const back = shown(up.press('Esc', 'Left'));
  up.type('time goto 4s').type('stop broker-2').pass(6);
  const forked = shown(up);
  const saved = shown(up.type('save drill.yaml'));
  const play = TourTerminal.play('drill.yaml', up.saved, 'kraft', MIDDLE).pass(8);
  return [
    '## The first minutes',
    '',
    '`npx kzsim up --topic orders:3`:',
    '',
    ...began,
    'The strip at the top answers the questions of health in one order: brokers online, active controllers, unclean elections, online replicas, under-replicated, at',
    'min ISR, under min ISR, offline partitions. State is a sign and a word: `●` well, `◐` something is missing, `○` under min ISR, `✗` stopped, offline or failed. Colour',
    'only repeats it, and is left out with `NO_COLOR` or `--no-color`. Where the locale is not UTF-8 (`LC_ALL=C`), or the terminal is the Linux console, the signs are ASCII.',
    '',
    'Somebody should use it: `addClient web --produce orders --rate 20/s`, `addClient billing --consume orders --members 2`. Then Down selects the first partition, and `K`',
    'kills what leads it:',
    '',
    ...died,
    'For nine seconds nobody leads `orders-0`: no broker says that it is dead, so the controller has to miss its heartbeats first. Ten seconds later:',
    '',
    ...failover,
    '`w` asks why the selection is as it is. The answer ends at what somebody did, and names the settings that took the time:',
    '',
    ...why,
    '`←` steps back to the notable event before. The picture is that of then; above it stands that it is the past:',
    '',
    ...back,
    '`time goto 4s` goes to before the kill, and whoever acts there begins a branch: the kill has not been. A controlled stop, `stop broker-2`, hands its partitions over at once:',
    '',
    ...forked,
    '`branches` lists both ways, `checkout main` leads back ([time.md](time.md)). `save drill.yaml` keeps this one as a scenario:',
    '',
    ...saved,
    '`q` leaves. `npx kzsim play drill.yaml` does it again, here on 80×24:',
    '',
    ...shown(play),
  ];
}

function keys(): readonly string[] {
  return [
    '## Keys',
    '',
    '| key | does |',
    '| --- | --- |',
    ...KEYMAP.map(
      ({ label, does }) =>
        `| ${label
          .split(' ')
          .map((key) => `\`${key}\``)
          .join(' ')} | ${does} |`,
    ),
    '',
    'Nothing is confirmed: this is a sandbox, and `time back` undoes it. A line that begins with a key of the dashboard is typed behind `:`, any other letter begins to type at once',
    '([prompt.md](prompt.md)). As in k9s, `:topics`, `:brokers`, `:groups`, `:zk` and `:events` lead to a panel, `:orders-0` or `:broker-1` to its page, `:q` out. The filter takes words',
    'that a row must hold and `!words` that it must not: `offline`, `leader=2`, `broker-1 elected`, `!coordinator`. The timeline stands still while something in it is selected; End follows',
    'the newest again. `?` at the smallest size:',
    '',
    ...shown(TourTerminal.up('kraft', { orders: 3 }, SMALL).press('?')),
  ];
}

function pages(): readonly string[] {
  const up = TourTerminal.up('kraft', { orders: 3 }, LARGE);
  up.type('addClient web --produce orders --rate 20/s').type('addClient billing --consume orders --members 2').pass(5);
  const group = shown(up.press(':').type('billing'));
  up.press('Esc').type('kill leader(orders-0)').pass(13);
  const page = (name: string): readonly string[] => {
    const screen = shown(up.press(':').type(name));
    up.press('Esc');
    return screen;
  };
  return [
    '## Pages',
    '',
    'Enter shows all about the selection, and leads on from there: the rule at the top is the way, and Esc goes back along it. A partition: the logs of its replicas stand on one',
    'scale, so that what the dead broker lacks is seen at once, and the epoch that began without it.',
    '',
    ...page('orders-0'),
    'A broker: what it coordinates and is asked, every replica that it holds, and what happened to it lately.',
    '',
    ...page('broker-2'),
    'A group: its members, what they own, and the lag of each partition.',
    '',
    ...group,
    'A client: what it waits for, and the errors that it saw. Of a real client there are its connections, with the requests in flight, decoded.',
    '',
    ...page('web'),
  ];
}

function playing(): readonly string[] {
  const text = readFileSync('scenarios/leader-crash.yaml', 'utf8');
  const play = TourTerminal.play('leader-crash.yaml', text, 'kraft', LARGE);
  const crashed = shown(play.pass(16).press('Space'));
  const timeline = shown(play.press('Space', ':').type('events').press('_').press('/!broker-3', 'Enter').pass(1));
  return [
    '## A scenario',
    '',
    '`npx kzsim play scenarios/leader-crash.yaml`: its steps and expectations tick as time passes. Space pauses it.',
    '',
    ...crashed,
    '`:events` and `_`: the timeline alone, here with all of `broker-3` filtered out by `/!broker-3`.',
    '',
    ...timeline,
  ];
}

function zookeeper(): readonly string[] {
  const up = TourTerminal.up('zookeeper', { orders: 3 }, MIDDLE);
  const quorum = shown(up.pass(3).press(':').type('quorum'));
  up.type('kill leader(orders-0)').pass(20);
  const expired = shown(up.type('why orders-0.leader'));
  const tree = shown(up.press('Esc', ':').type('zk'));
  return [
    '## ZooKeeper',
    '',
    '`kzsim up --mode zk`: the quorum panel shows who follows whom, the latest zxid, and whose sessions are alive, with the watches that wait at each server. In KRaft mode it shows how far',
    'each voter’s copy of the metadata log goes. On 80×24 the panel with the focus has most of the room; here it is `:quorum`.',
    '',
    ...quorum,
    'The same death takes longer, and ends otherwise: the session of the broker has to expire.',
    '',
    ...expired,
    '`:zk` shows the tree of znodes:',
    '',
    ...tree,
  ];
}

function small(): readonly string[] {
  const up = TourTerminal.up('kraft', { orders: 100, payments: 40 }, SMALL).pass(1);
  const crowd = shown(up.type('kill broker-2').pass(2));
  const answer = shown(up.type('why orders-1.leader'));
  return [
    '## A hundred and forty partitions, on sixty columns',
    '',
    '`kzsim up --topic orders:100 --topic payments:40`, and `kill broker-2`. While they fit, partitions are rows; then cells of leader and ISR, those in trouble first; then',
    'a sign each, under the names of those in trouble.',
    '',
    ...crowd,
    'An answer that has no room above the prompt has a page:',
    '',
    ...answer,
  ];
}

const TAIL = [
  '## Without a screen',
  '',
  '`--plain`, `CI=1`, `TERM=dumb`, `INK_SCREEN_READER=true`, or an output that is no terminal: one line an event, for screen readers and logs. `kzsim ctl` sends a line to a cluster that runs, `kzsim',
  'repl` is the prompt alone.',
  '',
  '## What is not told',
  '',
  'Records a second of a real client are those sent and fetched: requests that carry none are not counted among them. CPU is that of the simulated machines, in virtual time. What clients',
  'wait for, the errors that they saw and the epochs of logs are those of the time since the dashboard was opened, or since one went back in time. What a broker’s disks hold, its',
  'purgatories and the present use of quotas are not in the trace, and so not shown.',
  '',
];
