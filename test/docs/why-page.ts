/** `docs/why.md` and `docs/questions.md`: what was typed, and what was answered. */
import { attachChecker } from '../../src/checker/checker.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { Mode } from '../../src/cluster/options.ts';
import { hostPorts } from '../../src/gateway/ports.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { Session } from '../../src/tools/session.ts';

const SHOP = `version: 1
name: shop
cluster: { brokers: 3, quorum: 3 }
topics: { orders: { partitions: 3, replicationFactor: 3, config: { min.insync.replicas: 2 } } }
clients:
  web: { produce: orders, rate: 200/s, keys: 20, config: { acks: ACKS } }
  billing: { consume: orders, group: billing, members: 2, config: { auto.offset.reset: earliest } }
steps: []
`;

/** A shop with three brokers, a producer and two consumers; lines are typed into its prompt. */
export class Shop {
  readonly #cluster: Cluster;
  readonly #session: Session;

  constructor(mode: Mode, acks: 'all' | '1' = 'all') {
    const text = SHOP.replace('ACKS', acks === 'all' ? 'all' : '1, enable.idempotence: false');
    const plan = readScenario('shop.yaml', text);
    this.#cluster = new Cluster({ ...plan.cluster, mode, seed: 1 }, hostPorts);
    const checker = attachChecker(this.#cluster.trace, this.#cluster.world);
    this.#cluster.model.ledger = () => checker.ledger();
    this.#session = new Session(this.#cluster, checker);
    for (const client of plan.clients) this.#cluster.addClient(client);
    this.#cluster.boot();
    this.#cluster.startClients();
  }

  /** Types a line and lets time pass until it is answered. Throws where it fails. */
  type(line: string): readonly string[] {
    let answer: readonly string[] | undefined;
    this.#session.execute(line, ({ ok, lines }) => {
      if (!ok) throw new Error(`${line}: ${lines.join('\n')}`);
      answer = lines;
    });
    while (answer === undefined && this.#cluster.world.runSlice(Number.MAX_SAFE_INTEGER, 1) > 0);
    return answer ?? [];
  }
}

/** What was typed, with the answers to questions; of commands only the line is shown. */
function transcript(shop: Shop, lines: readonly string[]): readonly string[] {
  const shown = lines.flatMap((line) => {
    const answer = shop.type(line);
    return /^(why|events|ledger|status)\b/.test(line) ? [`> ${line}`, ...answer] : [`> ${line}`];
  });
  return ['```', ...shown, '```'];
}

export function whyPage(): string {
  return `${[
    '# Why',
    '',
    '`why SUBJECT` at the prompt (and `w` in the dashboard) tells what decided a value, an event, an error or a loss: a chain of short sentences, from what is asked',
    'to a fault, a command or a setting that nothing in the cluster decided. Behind a sentence stand the settings that decided it, and how much time it took after what is behind it.',
    'The last line names what to read.',
    '',
    '| subject | answers |',
    '| --- | --- |',
    '| `why orders-0.leader`, `why billing.lag`, `why web.lastError`, `why broker-2.state` | what made the value what it is; every value that `expect` knows can be asked |',
    '| `why orders-0`, `why web`, `why broker-2`, `why controller` | the value that one means by the name: its leader, last error, state |',
    '| `why #1234` | an event, by its number |',
    '| `why log-truncated` | the latest event of a kind ([trace-format.md](trace-format.md)) |',
    '| `why NOT_ENOUGH_REPLICAS` | the latest time that a client saw this error |',
    '| `why lost` | the first lost record of the ledger, and what cut it off; known after `settle` |',
    '',
    'A silence has no cause in the trace: no message tells that a broker died. There, `why` looks for the first thing that went wrong with the silent one since it was last heard:',
    'it was killed or paused, a link was cut, a request was swallowed. It looks back over the latest 20 000 notable events.',
    '',
    'Made by `test/docs/why.test.ts`; `npx vitest run test/docs -u` makes it anew. More answers are in `test/golden/why`.',
    '',
    '## A leader dies',
    '',
    ...transcript(new Shop('kraft'), [
      'wait 5s',
      'kill leader(orders-0)',
      'wait 12s',
      'why orders-0.leader',
      'why web.lastError',
    ]),
    '',
    'The same with ZooKeeper:',
    '',
    ...transcript(new Shop('zookeeper'), ['wait 5s', 'kill leader(orders-0)', 'wait 20s', 'why orders-0.leader']),
    '',
    '## Records are lost',
    '',
    ...transcript(new Shop('kraft', '1'), [
      'wait 4s',
      'delay --from leader(orders-0) --to followers(orders-0) --latency 300ms',
      'wait 2s',
      'kill leader(orders-0)',
      'wait 12s',
      'settle',
      'why lost',
    ]),
  ].join('\n')}\n`;
}

interface Question {
  readonly asked: string;
  readonly told: string;
  readonly mode: Mode;
  readonly acks?: '1';
  readonly lines: readonly string[];
}

const QUESTIONS: readonly Question[] = [
  {
    asked: 'What happens when a broker that leads partitions dies?',
    told: 'Nobody leads until its session is over; then the first live member of the ISR leads, in a new epoch. `web.longestGap` is the outage as the producer saw it.',
    mode: 'kraft',
    lines: ['wait 5s', 'kill leader(orders-0)', 'wait 15s', 'why orders-0.leader', 'why web.longestGap'],
  },
  {
    asked: 'What happens when a consumer dies?',
    told: 'Its group does not know until its session is over; then the others get its partitions.',
    mode: 'kraft',
    lines: ['wait 8s', 'kill billing[1]', 'wait 10s', 'why billing.lag', 'wait 50s', 'why billing.generation'],
  },
  {
    asked: 'What happens when the ISR falls below min.insync.replicas with acks=all?',
    told: 'Writes are refused; what is committed can be read, and nothing is lost.',
    mode: 'kraft',
    lines: ['wait 3s', 'stop follower(orders-0, 2)', 'stop follower(orders-0)', 'wait 5s', 'why web.lastError'],
  },
  {
    asked: 'What happens when the leader crashes with acks=1?',
    told: 'What it had acknowledged and nobody had fetched is gone; with acks=all it is not.',
    mode: 'kraft',
    acks: '1',
    lines: [
      'wait 4s',
      'delay --from leader(orders-0) --to followers(orders-0) --latency 300ms',
      'wait 2s',
      'kill leader(orders-0)',
      'wait 12s',
      'settle',
      'why lost',
    ],
  },
  {
    asked: 'What happens when a consumer crashes before it commits?',
    told: 'Whoever takes over begins at the last committed offset: what was read after it is read again.',
    mode: 'kraft',
    lines: ['wait 8s', 'kill billing[1]', 'wait 60s', 'why position-reset'],
  },
  {
    asked: 'What happens when every replica of the ISR is down?',
    told: 'The partition has no leader until one of them is back, unless somebody allows an unclean election.',
    mode: 'zookeeper',
    lines: [
      'wait 3s',
      'kill broker-3',
      'wait 20s',
      'kill broker-2',
      'wait 20s',
      'kill broker-1',
      'wait 1s',
      'why orders-0.available',
    ],
  },
  {
    asked: 'What happens when the controller dies?',
    told: 'The others elect one with a higher epoch; records flow meanwhile.',
    mode: 'kraft',
    lines: ['wait 4s', 'kill controller', 'wait 5s', 'why controller.id'],
  },
  {
    asked: 'What happens when the controller dies, with ZooKeeper?',
    told: 'Its znode goes with its session; whoever makes it anew first is the next.',
    mode: 'zookeeper',
    lines: ['wait 4s', 'kill controller', 'wait 20s', 'why controller.id'],
  },
  {
    asked: 'What happens when the majority of ZooKeeper is gone?',
    told: 'The data path keeps serving, and nothing can be decided.',
    mode: 'zookeeper',
    lines: ['wait 4s', 'kill quorumFollower', 'kill quorumFollower', 'wait 5s', 'why quorum.available'],
  },
  {
    asked: 'What happens when a broker stands still for longer than its session?',
    told: 'It is fenced although it lives; awake, it learns that another leads.',
    mode: 'kraft',
    lines: ['wait 4s', 'pause leader(orders-0) --during 25s', 'wait 40s', 'why web.lastError', 'why orders-0.isr'],
  },
];

export function questionsPage(): string {
  const sections = QUESTIONS.flatMap(({ asked, told, mode, acks, lines }) => [
    '',
    `## ${asked}`,
    '',
    told,
    '',
    ...transcript(new Shop(mode, acks), lines),
  ]);
  return `${[
    '# What people ask',
    '',
    'Each answer is found at the prompt: break it, wait, and ask [why](why.md). The cluster is a shop: three brokers, `orders` with three partitions, three replicas and',
    '`min.insync.replicas` 2, a producer `web`, a group `billing` of two.',
    '',
    'Made by `test/docs/why.test.ts`; `npx vitest run test/docs -u` makes it anew.',
    ...sections,
  ].join('\n')}\n`;
}
