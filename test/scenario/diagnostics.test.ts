/** What is wrong with a file is told at once, with its place and its mending. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ScenarioError } from '../../src/scenario/diagnostics.ts';
import { readScenario } from '../../src/scenario/read.ts';

const BASE = `version: 1
name: x
cluster: { brokers: 3 }
topics: { orders: { partitions: 3 } }
clients:
  web: { produce: orders, rate: 10/s }
  billing: { consume: orders, members: 2 }
`;

interface BadFile {
  readonly name: string;
  readonly text: string;
  readonly says: string;
}

const BAD: readonly BadFile[] = [
  {
    name: 'a misspelt key of the file',
    text: `version: 1
name: x
step:
  - wait: 1s
`,
    says: `f.yaml:3:1 unknown key "step" - did you mean "steps"?
  3 | step:
    | ^^^^`,
  },
  {
    name: 'a misspelt key of a step',
    text: `${BASE}steps:
  - kill: 1
    durin: 5s
`,
    says: `f.yaml:10:5 unknown key "durin" - did you mean "during"?
  10 |     durin: 5s
     |     ^^^^^`,
  },
  {
    name: 'no version',
    text: `name: x
`,
    says: `f.yaml:1:1 missing required key "version" - write version: 1
  1 | name: x
    | ^^^^^^^`,
  },
  {
    name: 'another version',
    text: `version: 2
name: x
`,
    says: `f.yaml:1:10 2 is not allowed here - did you mean 1?
  1 | version: 2
    |          ^`,
  },
  {
    name: 'an unknown verb',
    text: `${BASE}steps:
  - kil: 1
`,
    says: `f.yaml:9:5 unknown verb "kil" - did you mean "kill"?
  9 |   - kil: 1
    |     ^^^`,
  },
  {
    name: 'a step without a verb',
    text: `${BASE}steps:
  - at: 1s
`,
    says: `f.yaml:9:5 a step needs a verb - for example kill: leader(orders-0)
  9 |   - at: 1s
    |     ^^^^^^`,
  },
  {
    name: 'an unknown observable',
    text: `${BASE}steps:
  - expect: orders-0.leadr == 1
`,
    says: `f.yaml:9:13 orders-0 has no "leadr" - did you mean orders-0.leader?
  9 |   - expect: orders-0.leadr == 1
    |             ^^^^^^^^^^^^^^`,
  },
  {
    name: 'an observable of nothing',
    text: `${BASE}steps:
  - expect: order-0.leader == 1
`,
    says: `f.yaml:9:13 nothing here is called "order-0" - did you mean orders-0?
  9 |   - expect: order-0.leader == 1
    |             ^^^^^^^^^^^^^^`,
  },
  {
    name: 'a value of a value',
    text: `${BASE}steps:
  - expect: orders-0.isr.sise == 1
`,
    says: `f.yaml:9:13 orders-0.isr has no values of its own - did you mean orders-0.isr.size?
  9 |   - expect: orders-0.isr.sise == 1
    |             ^^^^^^^^^^^^^^^^^`,
  },
  {
    name: 'an unknown selector',
    text: `${BASE}steps:
  - kill: leadr(orders-0)
`,
    says: `f.yaml:9:11 there is no selector "leadr" - did you mean leader(orders-0)?
  9 |   - kill: leadr(orders-0)
    |           ^^^^^^^^^^^^^^^`,
  },
  {
    name: 'a selector of a partition that is not there',
    text: `${BASE}steps:
  - kill: leader(orders-7)
`,
    says: `f.yaml:9:11 topic orders has partitions 0 to 2 - did you mean orders-2?
  9 |   - kill: leader(orders-7)
    |           ^^^^^^^^^^^^^^^^`,
  },
  {
    name: 'an unknown node',
    text: `${BASE}steps:
  - kill: broker-9
`,
    says: `f.yaml:9:11 there is no node or client "broker-9" - did you mean broker-1?
  9 |   - kill: broker-9
    |           ^^^^^^^^`,
  },
  {
    name: 'unknown configuration names',
    text: `version: 1
name: x
cluster: { config: { replica.lag.time.max.m: 5 } }
topics: { orders: { config: { min.insync.replica: 2 } } }
clients: { web: { produce: orders, config: { ack: all } } }
`,
    says: `f.yaml:3:22 replica.lag.time.max.m is no configuration of a broker; did you mean replica.lag.time.max.ms?
  3 | cluster: { config: { replica.lag.time.max.m: 5 } }
    |                      ^^^^^^^^^^^^^^^^^^^^^^
f.yaml:4:31 min.insync.replica is no configuration of a topic; did you mean min.insync.replicas?
  4 | topics: { orders: { config: { min.insync.replica: 2 } } }
    |                               ^^^^^^^^^^^^^^^^^^
f.yaml:5:46 ack is no configuration of a producer; did you mean acks?
  5 | clients: { web: { produce: orders, config: { ack: all } } }
    |                                              ^^^`,
  },
  {
    name: 'a bad configuration value',
    text: `version: 1
name: x
clients: { web: { produce: orders, config: { acks: 7 } } }
topics: { orders: }
`,
    says: `f.yaml:3:46 acks must be one of all, -1, 0, 1, not "7"
  3 | clients: { web: { produce: orders, config: { acks: 7 } } }
    |                                              ^^^^`,
  },
  {
    name: 'bad durations',
    text: `${BASE}steps:
  - wait: 5
  - at: 5sec
    kill: 1
`,
    says: `f.yaml:9:11 "5" is not a duration (200us, 50ms, 5s, 1m30s, 2h)
  9 |   - wait: 5
    |           ^
f.yaml:10:9 "5sec" is not a duration (200us, 50ms, 5s, 1m30s, 2h)
  10 |   - at: 5sec
     |         ^^^^`,
  },
  {
    name: 'a bad rate and a bad size',
    text: `version: 1
name: x
topics: { orders: }
clients:
  web: { produce: orders, rate: 100, valueSize: 2XB }
`,
    says: `f.yaml:5:33 "100" is not a rate (100/s, 6/m)
  5 |   web: { produce: orders, rate: 100, valueSize: 2XB }
    |                                 ^^^
f.yaml:5:49 "2XB" is not a size (200, 16KiB, 1MB)
  5 |   web: { produce: orders, rate: 100, valueSize: 2XB }
    |                                                 ^^^`,
  },
  {
    name: 'an "at" in the past',
    text: `${BASE}steps:
  - at: 5s
    kill: 1
  - at: 3s
    start: 1
`,
    says: `f.yaml:11:9 3s is in the past - the step before it ends at 5s or later
  11 |   - at: 3s
     |         ^^`,
  },
  {
    name: 'a missing topic',
    text: `version: 1
name: x
topics: { orders: }
clients: { web: { produce: ordres } }
`,
    says: `f.yaml:4:28 there is no topic "ordres" - did you mean orders?
  4 | clients: { web: { produce: ordres } }
    |                            ^^^^^^`,
  },
  {
    name: '$name before it is bound',
    text: `${BASE}steps:
  - start: $dead
  - kill: 1
    as: dead
  - expect: orders-0.leader != $daed
`,
    says: `f.yaml:9:12 $dead is not bound here - a step before this one must have "as: name"
  9 |   - start: $dead
    |            ^^^^^
f.yaml:12:32 $daed is not bound here - a step before it must have "as" or "let" with this name
  12 |   - expect: orders-0.leader != $daed
     |                                ^^^^^`,
  },
  {
    name: 'two verbs in one step',
    text: `${BASE}steps:
  - kill: 1
    pause: 2
`,
    says: `f.yaml:10:5 a step holds one verb: "kill" and "pause" are two - make two steps of them
  10 |     pause: 2
     |     ^^^^^`,
  },
  {
    name: '"at" and "after"',
    text: `${BASE}steps:
  - kill: 1
    at: 5s
    after: 3s
`,
    says: `f.yaml:11:5 "at" and "after" exclude each other
  11 |     after: 3s
     |     ^^^^^`,
  },
  {
    name: 'an observable of the other mode',
    text: `${BASE}steps:
  - expect: znode(/controller).exists
`,
    says: `f.yaml:9:13 znode has no "exists" in kraft mode - name the modes of the file, or say "if: mode == zookeeper"
  9 |   - expect: znode(/controller).exists
    |             ^^^^^^^^^^^^^^^^^^^^^^^^^`,
  },
  {
    name: 'lost records before the end',
    text: `${BASE}steps:
  - expect: ledger.lost == 0
`,
    says: `f.yaml:9:13 ledger.lost can only be judged at the end - put it under "finally:"
  9 |   - expect: ledger.lost == 0
    |             ^^^^^^^^^^^`,
  },
  {
    name: 'an empty file',
    text: ``,
    says: `f.yaml:1:1 the file is empty - kzsim scenarios lists examples`,
  },
  {
    name: 'blanks alone',
    text: `  

`,
    says: `f.yaml:1:1 the file is empty - kzsim scenarios lists examples`,
  },
  {
    name: 'comments alone',
    text: `# nothing
`,
    says: `f.yaml:1:1 a scenario is a mapping - it begins with "version: 1"`,
  },
  {
    name: 'more than 1 MiB',
    text: 'a'.repeat((1 << 20) + 1),
    says: `f.yaml:1:1 the file is larger than 1 MiB - a scenario is a small text`,
  },
  {
    name: 'binary junk',
    text: `\u0000\u0001ELF`,
    says: `f.yaml:1:1 this is not a text file - a scenario is YAML in UTF-8`,
  },
  {
    name: 'an open quotation mark',
    text: `version: 1
name: "x
steps: []
`,
    says: `f.yaml:4:1 not YAML: Missing closing "quote`,
  },
  {
    name: 'mappings in mappings',
    text: `a: b: c
  d`,
    says: `f.yaml:1:4 a ": " makes a mapping of what should be one text - quote the text: "b: c"
  1 | a: b: c
    |    ^^^^`,
  },
  {
    name: 'a list',
    text: `- version: 1
`,
    says: `f.yaml:1:1 a scenario is a mapping - it begins with "version: 1"`,
  },
  {
    name: 'a word',
    text: `hello
`,
    says: `f.yaml:1:1 a scenario is a mapping - it begins with "version: 1"`,
  },
  {
    name: 'a key that stands twice',
    text: `version: 1
name: x
name: y
`,
    says: `f.yaml:3:1 this key stands here twice - each key may stand once
  3 | name: y
    | ^`,
  },
  {
    name: 'a section that stands twice',
    text: `${BASE}topics: { a: }
`,
    says: `f.yaml:8:1 this key stands here twice - each key may stand once
  8 | topics: { a: }
    | ^`,
  },
  {
    name: 'trap: a selector with a comma inside [ ]',
    text: `${BASE}steps:
  - partition: [[leader(orders-0)], [follower(orders-0, 2)]]
`,
    says: `f.yaml:9:38 "follower(orders-0, 2)" is cut at its comma inside [ ] and { } - quote it: "follower(orders-0, 2)"
  9 |   - partition: [[leader(orders-0)], [follower(orders-0, 2)]]
    |                                      ^^^^^^^^^^^^^^^^^^^^^`,
  },
  {
    name: 'trap: a member inside [ ]',
    text: `${BASE}steps:
  - kill: [billing[0], 1]
`,
    says: `f.yaml:9:12 "billing[0]" is cut at its bracket inside [ ] and { } - quote it: "billing[0]"
  9 |   - kill: [billing[0], 1]
    |            ^^^^^^^^^^`,
  },
  {
    name: 'trap: a member inside { }',
    text: `${BASE}steps:
  - reset: { between: [billing[0], broker-1] }
`,
    says: `f.yaml:9:24 "billing[0]" is cut at its bracket inside [ ] and { } - quote it: "billing[0]"
  9 |   - reset: { between: [billing[0], broker-1] }
    |                        ^^^^^^^^^^`,
  },
  {
    name: 'trap: a text cut at #',
    text: `${BASE}steps:
  - say: it is #broken
`,
    says: `f.yaml:9:16 a "#" behind a blank begins a comment: the text ends before it - quote the text: "it is #broken"
  9 |   - say: it is #broken
    |                ^^^^^^^`,
  },
  {
    name: 'trap: ": " inside a text',
    text: `${BASE}steps:
  - say: look: it is broken
`,
    says: `f.yaml:9:10 a ": " makes a mapping of what should be one text - quote the text: "look: it is broken"
  9 |   - say: look: it is broken
    |          ^^^^^^^^^^^^^^^^^^`,
  },
  {
    name: 'trap: a window by mode',
    text: `${BASE}steps:
  - expect: orders-0.isr.size == 3 within { kraft: 12s, zookeeper: 25s }
finally:
  - orders-0.isr.size == 3 within { kraft: 12s, zookeeper: 25s }
`,
    says: `f.yaml:9:13 a ": " makes a mapping of what should be one text - quote the text: "orders-0.isr.size == 3 within { kraft: 12s, zookeeper: 25s }"
  9 |   - expect: orders-0.isr.size == 3 within { kraft: 12s, zookeeper: 25s }
    |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
f.yaml:11:5 a ": " makes a mapping of what should be one text - quote the text: "orders-0.isr.size == 3 within { kraft: 12s, zookeeper: 25s }"
  11 |   - orders-0.isr.size == 3 within { kraft: 12s, zookeeper: 25s }
     |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`,
  },
  {
    name: 'a verb without its subject',
    text: `${BASE}steps:
  - kill:
`,
    says: `f.yaml:9:5 kill needs "target" - for example kill: leader(orders-0)
  9 |   - kill:
    |     ^^^^`,
  },
  {
    name: 'a link with one end',
    text: `${BASE}steps:
  - delay: { between: [1] , latency: 5 }
`,
    says: `f.yaml:9:23 a list is not allowed here - at least 2 items
  9 |   - delay: { between: [1] , latency: 5 }
    |                       ^^^
f.yaml:9:38 "5" is not a duration (200us, 50ms, 5s, 1m30s, 2h)
  9 |   - delay: { between: [1] , latency: 5 }
    |                                      ^`,
  },
  {
    name: 'mistakes in expressions',
    text: `${BASE}steps:
  - expect: orders-0.leader = 1
always:
  - cluster.offlinePartitions == 0 within 5
`,
    says: `f.yaml:9:29 "=" does not compare - did you mean "=="?
  9 |   - expect: orders-0.leader = 1
    |                             ^
f.yaml:11:43 "5" stands where a duration such as 10s is expected
  11 |   - cluster.offlinePartitions == 0 within 5
     |                                           ^`,
  },
  {
    name: 'everything at once, sorted',
    text: `version: 1
nme: x
cluster: { broker: 3 }
topics: { orders: { partitions: none } }
steps:
  - kil: 1
  - expect: orders-0.isr.sise == 1
  - wait: soon
finally:
  - ledger.lst == 0
`,
    says: `f.yaml:1:1 missing required key "name" - expected a text
  1 | version: 1
    | ^^^^^^^^^^
f.yaml:2:1 unknown key "nme" - did you mean "name"?
  2 | nme: x
    | ^^^
f.yaml:3:12 unknown key "broker" - did you mean "brokers"?
  3 | cluster: { broker: 3 }
    |            ^^^^^^
f.yaml:4:33 expected a number, found "none"
  4 | topics: { orders: { partitions: none } }
    |                                 ^^^^
f.yaml:6:5 unknown verb "kil" - did you mean "kill"?
  6 |   - kil: 1
    |     ^^^
f.yaml:7:13 orders-0.isr has no values of its own - did you mean orders-0.isr.size?
  7 |   - expect: orders-0.isr.sise == 1
    |             ^^^^^^^^^^^^^^^^^
f.yaml:8:11 "soon" is not a duration (200us, 50ms, 5s, 1m30s, 2h)
  8 |   - wait: soon
    |           ^^^^
f.yaml:10:5 ledger has no "lst" - did you mean ledger.lost?
  10 |   - ledger.lst == 0
     |     ^^^^^^^^^^`,
  },
  {
    name: 'several mistakes in one step and in one expression, and no second one for what they were to bind',
    text: `${BASE}steps:
  - pause: broker-9
    durin: 5s
    as: sleeper
  - kil: broker-1
    as: dead
  - wait: 2 days
    as: waited
  - expect: orders-0.leadr != $dead and orders-7.isr excludes $sleeper within 25sec
`,
    says: `f.yaml:9:12 there is no node or client "broker-9" - did you mean broker-1?
  9 |   - pause: broker-9
    |            ^^^^^^^^
f.yaml:10:5 unknown key "durin" - did you mean "during"?
  10 |     durin: 5s
     |     ^^^^^
f.yaml:12:5 unknown verb "kil" - did you mean "kill"?
  12 |   - kil: broker-1
     |     ^^^
f.yaml:14:11 "2 days" is not a duration (200us, 50ms, 5s, 1m30s, 2h)
  14 |   - wait: 2 days
     |           ^^^^^^
f.yaml:16:13 orders-0 has no "leadr" - did you mean orders-0.leader?
  16 |   - expect: orders-0.leadr != $dead and orders-7.isr excludes $sleeper within 25sec
     |             ^^^^^^^^^^^^^^
f.yaml:16:41 topic orders has partitions 0 to 2 - did you mean orders-0?
  16 |   - expect: orders-0.leadr != $dead and orders-7.isr excludes $sleeper within 25sec
     |                                         ^^^^^^^^^^^^
f.yaml:16:79 "25sec" is neither a number nor a duration - durations are written 200us, 50ms, 5s, 1m30s, 2h
  16 |   - expect: orders-0.leadr != $dead and orders-7.isr excludes $sleeper within 25sec
     |                                                                               ^^^^^`,
  },
  {
    name: 'a tab',
    text: `version: 1
name: x
steps:
\t- wait: 1s
`,
    says: `f.yaml:4:1 a tab cannot indent - use blanks
  4 | \t- wait: 1s
    | ^`,
  },
  {
    name: 'an alias to nothing',
    text: `version: 1
name: *x
`,
    says: `f.yaml:1:1 Unresolved alias (the anchor must be set before the alias): x - quote a text that begins with *`,
  },
  {
    name: 'lines that end as in DOS',
    text: `version: 1\r
name: x\r
steps:\r
  - kil: 1\r
`,
    says: `f.yaml:4:5 unknown verb "kil" - did you mean "kill"?
  4 |   - kil: 1
    |     ^^^`,
  },
  {
    name: 'a step that is a line',
    text: `${BASE}steps:
  - kill leader(orders-0)
`,
    says: `f.yaml:9:5 expected a mapping, found "kill leader(orders-0)"
  9 |   - kill leader(orders-0)
    |     ^^^^^^^^^^^^^^^^^^^^^`,
  },
  {
    name: 'steps that are a mapping',
    text: `${BASE}steps:
  kill: 1
`,
    says: `f.yaml:9:3 expected a list, found a mapping
  9 |   kill: 1
    |   ^^^^^^^`,
  },
  {
    name: 'a very long line',
    text: `version: 1
name: x
tags: [${'ab, '.repeat(100)}5, ${'ab, '.repeat(99)}ab]
`,
    says: `f.yaml:3:408 expected a text, found 5
  3 | ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, 5, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, ab, a
    |                                                                                 ^`,
  },
  {
    name: 'lines of the prompt that mean nothing',
    text: `${BASE}steps:
  - run: kafka-topcs --list
  - run: kafka-topics --lst
  - run: time back
  - run: kafka-topics --create --topic audit --partitions 2
  - produce: { topic: audit, value: x }
`,
    says: `f.yaml:9:10 there is no verb "kafka-topcs" - did you mean kafka-topics?
  9 |   - run: kafka-topcs --list
    |          ^^^^^^^^^^^^^^^^^^
f.yaml:10:10 lst is not a recognized option - did you mean --list?
  10 |   - run: kafka-topics --lst
     |          ^^^^^^^^^^^^^^^^^^
f.yaml:11:10 a scenario cannot move in time: time is for the prompt
  11 |   - run: time back
     |          ^^^^^^^^^`,
  },
];

function mistakesOf(text: string): string {
  try {
    readScenario('f.yaml', text);
  } catch (thrown) {
    if (thrown instanceof ScenarioError) return thrown.message;
    throw thrown;
  }
  return 'nothing';
}

describe('mistakes', () => {
  test.each(BAD)('$name', ({ text, says }) => {
    expect(mistakesOf(text)).toBe(says);
  });
});

test('brackets without end are told, not fallen over', () => {
  expect(mistakesOf(`version: 1\nname: x\nabout: ${'['.repeat(5000)}`)).toMatch(/^f\.yaml:3:\d+ not YAML: /);
});

describe('what comes with kzsim', () => {
  const folder = new URL('../../scenarios/', import.meta.url);
  test.each(readdirSync(folder).filter((file) => file.endsWith('.yaml')))('%s is valid', (file) => {
    expect(readScenario(file, readFileSync(new URL(file, folder), 'utf8')).steps.length).toBeGreaterThan(0);
  });
});
