/** `docs/why.md` and `docs/questions.md`: what was typed, and what was answered. */
import { readFileSync } from 'node:fs';
import { ELEVEN_TO_FIFTEEN } from './questions/eleven-to-fifteen.ts';
import { FIRST_TEN } from './questions/first-ten.ts';
import { section } from './questions/question.ts';
import { SIXTEEN_TO_TWENTY } from './questions/sixteen-to-twenty.ts';
import { Shop, transcript } from './shop.ts';

export function whyPage(): string {
  return `${[
    '# Why',
    '',
    '`why SUBJECT` at the prompt (and `w` in the dashboard) tells what decided a value, an event, an error or a loss: a chain of short sentences, from what is asked',
    'to a fault, a command or a setting that nothing in the cluster decided. Behind a sentence stand the settings that decided it, and how much time it took after what is behind it.',
    'A line that begins with "and" is one more thing that was needed. The last line names what to read.',
    '',
    '| subject | answers |',
    '| --- | --- |',
    '| `why orders-0.leader`, `why billing.lag`, `why web.lastError`, `why broker-2.state` | what made the value what it is; every value that `expect` knows can be asked |',
    '| `why orders-0`, `why web`, `why broker-2`, `why controller`, `why orders` | the value that one means by the name: its leader, last error, state, trouble |',
    '| `why billing[0]` | what a member of a group owns, and why |',
    '| `why #1234` | an event, by its number |',
    '| `why log-truncated` | the latest event of a kind ([trace-format.md](trace-format.md)) |',
    '| `why NOT_ENOUGH_REPLICAS` | the latest time that a client saw this error |',
    '| `why lost`, `why lost 2`, `why web#1165` | a record that is not where it should be, and what decided that; `ledger lost` and its like list them (lost and unseen ones after `settle`) |',
    '| `why` | what changed lately, and could be asked |',
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
    ...transcript(new Shop('kraft', { rate: 100, web: { acks: '1', 'enable.idempotence': false } }), [
      'wait 4s',
      'delay --from leader(orders-0) --to followers(orders-0) --latency 300ms',
      'wait 2s',
      'kill leader(orders-0)',
      'wait 12s',
      'settle',
      'ledger lost',
      'why lost 2',
    ]),
    '',
    '## What a real client sees',
    '',
    'Errors that brokers answer a real client with, and requests that end without an answer, are told by its client.id: `why my-app.lastError`, `my-app.errors(NAME)`; `why NAME`, too. What only the',
    'client knows is not: that it was refused a connection, or its own time-outs before it closes the connection. Its settings are its own: they are named without a value. kafkajs met these errors,',
    'as `test/gateway/why-real-clients.test.ts` takes them down; their times are left out.',
    '',
    '```',
    ...['refused', 'unanswered', 'groups'].flatMap((name) =>
      readFileSync(new URL(`../golden/why/real-clients/${name}.txt`, import.meta.url), 'utf8')
        .trimEnd()
        .split('\n\n'),
    ),
    '```',
    '',
    '## A check fails',
    '',
    'What an expectation speaks of is explained as it was just then: at the prompt, in the report of a scenario (`causes`), and in the `ClusterAssertionError` of the library.',
    'Of a broken invariant the chain behind the event that broke it stands in the reason of the report.',
    '',
    ...transcript(new Shop('kraft'), [
      'wait 5s',
      'kill leader(orders-0)',
      'expect orders-0.leader == 2 and orders-0.isr.size == 3 within 5s',
    ]),
  ].join('\n')}\n`;
}

export function questionsPage(): string {
  return `${[
    '# What people ask',
    '',
    'Twenty questions that people ask most about Kafka, and how the prompt answers them: break it, wait, and ask [why](why.md). The cluster is a shop: three brokers, three',
    'controllers or servers of ZooKeeper, `orders` with three partitions, three replicas and `min.insync.replicas` 2, a producer `web` with `acks=all`, a group `billing` of two.',
    'What an answer changes of that stands above it. Where nothing is said, the mode is KRaft; groups, producers and replicas behave alike in both.',
    '',
    'Made by `test/docs/why.test.ts`; `npx vitest run test/docs -u` makes it anew.',
    ...[...FIRST_TEN, ...ELEVEN_TO_FIFTEEN, ...SIXTEEN_TO_TWENTY].flatMap((question, index) =>
      section(question, index + 1),
    ),
  ].join('\n')}\n`;
}
