/** Every value, in a cluster to which something happens, has an answer; and so has every event that `events` prints. */
import { describe, expect, test } from 'vitest';
import { OBSERVABLES } from '../../src/cluster/observables/index.ts';
import type { SubjectKind } from '../../src/cluster/observables/observable.ts';
import type { Mode } from '../../src/cluster/options.ts';
import { Shop } from '../docs/shop.ts';

/** Of whom the values are asked. */
function subjects(mode: Mode): Readonly<Record<SubjectKind, readonly string[]>> {
  return {
    partition: ['orders-0', 'orders-0@1', 'orders-0@2', '__consumer_offsets-9'],
    topic: ['topic(orders)'],
    cluster: ['cluster'],
    controller: ['controller'],
    quorum: ['quorum'],
    node: ['broker-1', 'broker-2', mode === 'kraft' ? 'controller-1001' : 'zk-1'],
    znode:
      mode === 'kraft'
        ? []
        : ['/controller', '/brokers/ids/1', '/brokers/topics/orders/partitions/0/state', '/nowhere'].map(
            (path) => `znode(${path})`,
          ),
    producer: ['web', 'shopkeeper'],
    'real client': [],
    group: ['billing'],
    transaction: ['txn(shop)'],
    ledger: ['ledger'],
  };
}

/** `errors(NAME)` takes one. */
const ARGUMENTS: Readonly<Record<string, string>> = { errors: '(NETWORK_EXCEPTION)' };

function paths(mode: Mode): readonly string[] {
  return Object.entries(subjects(mode)).flatMap(([kind, names]) =>
    names.flatMap((name) =>
      OBSERVABLES[kind as SubjectKind].flatMap(({ name: property, modes, atReplica }) =>
        (modes === undefined || modes.includes(mode)) && (!name.includes('@') || atReplica === true)
          ? [`${name}.${property}${ARGUMENTS[property] ?? ''}`]
          : [],
      ),
    ),
  );
}

const TIME = /^ +(?:(-?\d+\.\d{3})s|at start| {8}) {2}\S/;

/** What is wrong with an answer; undefined: nothing. */
function fault(path: string, answer: readonly string[]): string | undefined {
  const [head = '', ...lines] = answer;
  if (!head.startsWith(`${path} is `)) return 'its head does not say the value';
  if (/undefined|NaN|\[object|because because| {2}because .* {2}because/.test(answer.join('\n')))
    return 'it says nonsense';
  const hops = lines.filter((line) => !line.startsWith('Read: '));
  if (hops.length === 0) return 'it gives no reason';
  let last = Number.POSITIVE_INFINITY;
  for (const hop of hops) {
    const match = TIME.exec(hop);
    if (match === null) return `"${hop}" is no line of a chain`;
    if (/^ +\S* +and /.test(hop)) last = Number.POSITIVE_INFINITY;
    const at = match[1] === undefined ? last : Number(match[1]);
    if (at > last) return `"${hop}" comes before what it brought about`;
    last = at;
  }
  return undefined;
}

/** Whether a chain goes down to a command, or to a last word. */
const isEnded = (line: string): boolean => /you typed: /.test(line) || /^ {12}\S/.test(line);

describe.each<Mode>(['kraft', 'zookeeper'])('in %s mode', (mode) => {
  const shop = new Shop(mode, {
    rate: 5,
    clients: { shopkeeper: { produce: 'orders', rate: '5/s', keys: 3, config: { 'transactional.id': 'shop' } } },
  });
  const moments: readonly (readonly string[])[] = [
    ['wait 8s'],
    ['kill leader(orders-0)', 'wait 3s'],
    ['wait 22s'],
    ['start broker-1', 'wait 8s', 'settle'],
  ];

  test.each(moments.map((lines) => [lines.join(', '), lines] as const))(
    'every value is explained after: %s',
    (_, lines) => {
      for (const line of lines) shop.type(line);
      const faults = paths(mode).flatMap((path) => {
        const answer = shop.type(`why ${path}`);
        const wrong = fault(path, answer);
        return wrong === undefined ? [] : [`${path}: ${wrong}\n${answer.join('\n')}`];
      });
      expect(faults).toEqual([]);
    },
  );

  test('what the death of the leader brought about is traced to it', () => {
    const told = [
      'orders-0.leader',
      'orders-0.epoch',
      'orders-0.unavailableFor',
      'billing.coordinator',
      'web.longestGap',
    ];
    for (const path of told) expect(shop.type(`why ${path}`).join('\n')).toContain('you typed: kill leader(orders-0)');
  });

  test('every notable event is told by its number, down to a command or a last word', () => {
    const numbers = shop.type('events 5000').flatMap((line) => /#(\d+)/.exec(line)?.[1] ?? []);
    expect(numbers.length).toBeGreaterThan(200);
    const faults = numbers.flatMap((id) => {
      const answer = shop.type(`why #${id}`);
      const hops = answer.slice(1).filter((line) => !line.startsWith('Read: '));
      return hops.length > 0 && isEnded(hops.at(-1)!) ? [] : [answer.join('\n')];
    });
    expect(faults).toEqual([]);
  });
});
