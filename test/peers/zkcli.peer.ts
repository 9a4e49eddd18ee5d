/** The real zkCli against a real ensemble says what the same lines at our prompt answer. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quorumNodes } from '../../src/cluster/options.ts';
import { WORDS } from '../../src/coordinator/zookeeper/ensemble/four-letter/index.ts';
import { PromptScript } from '../tools/prompt-script.ts';
import { fourLetterWord, RealCli, type RealEnsemble, startEnsemble } from './zookeeper-ensemble.ts';

/** One session, line by line. Only below paths of its own: Kafka's znodes are in our tree alone. */
const LINES = [
  'create /t one',
  'ls /t',
  'ls',
  'ls /none',
  'ls t',
  'ls /t/',
  'ls -z /t',
  'ls --s /t',
  'ls -s /t',
  'ls -sw /t',
  'ls /t extra words',
  'create /t/a one',
  'create /t/a',
  'create /t/a/b/c x',
  'create /t/a/b',
  'get /t/a/b',
  'get -s /t/a',
  'get -w /t/a',
  'get /t/a watch',
  'set /t/a two',
  'set -s /t/a three',
  'set -v 9 /t/a x',
  'set /none x',
  'set /t/a "a b" 3',
  'get /t/a',
  'stat /t/a',
  'stat /t/a watch',
  'stat -w /t/later',
  'create /t/later hello',
  'stat -w',
  'create -s /t/n- x',
  'create -s /t/n-',
  'create -s /t/',
  'create -e /t/eph x',
  'create -e -s /t/eph- x',
  'create /t/eph/child x',
  'create -c /t/cont',
  'create -c -e /t/cont2',
  'create -c -s /t/cont2',
  'create -c -t 5 /t/cont2',
  'create -t 5000 /t/ttl x',
  'create -t 5000 -e /t/ttl2 x',
  'create -t 0 /t/ttl2',
  'create -t -5 /t/ttl2',
  'create -t 1099511627776 /t/ttl2',
  'create -t',
  'create -s -t 5000 /t/ttl- x',
  'get -s /t/ttl',
  'get -s /t/cont',
  'create m',
  'create /m/',
  'create /m//n',
  'create /m/./n',
  'create /m/../n',
  'ls //',
  'ls /.',
  'ls /..',
  'ls ""',
  'create "/t/m n" x',
  'ls "/t/m n"',
  'create "/t/unclosed x',
  'create "/t/tab\tx" y',
  'create /t/json {"a":"b"}',
  'get /t/json',
  'create /t/empty ""',
  'get /t/empty',
  'set /t/empty grüße',
  'get /t/empty',
  'ls -R /t',
  'ls -R /none',
  'ls -s -w -R /t/a',
  'delete /t',
  'delete -v 7 /t/a/b',
  'delete /t/a/b',
  'delete /none',
  'delete /t/json 7',
  'delete',
  'delete /',
  'delete /zookeeper',
  'deleteall /t/a',
  'deleteall /t/a',
  'deleteall',
  'deleteall /zookeeper',
  'getAcl /t',
  'getAcl -s /t',
  'getAcl /none',
  'getAcl',
  'setAcl',
  'setAcl /t',
  'create /t/q',
  'setAcl /t/q bad',
  'setAcl /t/q foo:bar:r',
  'setAcl /t/q world:somebody:r',
  'setAcl /t/q digest:bob:r',
  'setAcl /t/q auth::r',
  'setAcl /t/q ip:1.2.3:r',
  'setAcl -v 5 /t/q world:anyone:r',
  'setAcl /t/q world:anyone:rx',
  'setAcl -s /t/q world:anyone:cdrwa',
  'create /t/closed data foo:bar:r',
  'create /t/closed data hello',
  'create /t/far data ip:10.0.0.0/8:cdrwa',
  'get /t/far',
  'create /t/near data ip:127.0.0.0/8:r',
  'get /t/near',
  'getAcl /t/near',
  'set /t/near x',
  'getAllChildrenNumber /t/near',
  'create /t/near/below x',
  'delete /t/near',
  'create /t/none data world:anyone:',
  'getAcl /t/none',
  'whoami',
  'addauth',
  'addauth digest bob:secret',
  'whoami',
  'create /t/sec data auth::cdrwa',
  'getAcl /t/sec',
  'create /t/amy data digest:amy:8FTA2mIXPNHcp3EJBVdkeyLaYDE=:cdrwa,auth::r',
  'getAcl /t/amy',
  'get /t/amy',
  'set /t/amy x',
  'setAcl -R /t/sec world:anyone:r',
  'setAcl -R /t/sec world:anyone:cdrwa',
  'getEphemerals',
  'getEphemerals /t/eph-',
  'getEphemerals /none',
  'getEphemerals none',
  'getAllChildrenNumber /t',
  'getAllChildrenNumber /none',
  'getAllChildrenNumber',
  'sync /',
  'sync',
  'sync /none',
  'sync none',
  'addWatch /t/w',
  'create /t/w 1',
  'create /t/w/x 1',
  'set /t/w/x 2',
  'delete /t/w/x',
  'removewatches /t/w',
  'removewatches /t/w',
  'addWatch -m PERSISTENT /t/w',
  'create /t/w/y 1',
  'set /t/w 3',
  'addWatch -m FOO /t/w',
  'addWatch',
  'removewatches -a /t/w',
  'removewatches /t/w -c',
  'get -w /t/w',
  'removewatches /t/w -d',
  'ls -w /t/w',
  'removewatches /t/w -c',
  'removewatches /t/w -c',
  'removewatches',
  'removewatches /t/w -l',
  'get -w /t/w',
  'ls -w /t/w',
  'removewatches /t/w',
  'stat -w /t/nothere',
  'removewatches /t/nothere -d',
  'get -w /t/w',
  'ls -w /t/w',
  'deleteall /t/w',
  'printwatches',
  'printwatches off',
  'printwatches',
  'get -w /t/q',
  'set /t/q 5',
  'printwatches on',
  'create /t/quota/none',
  'listquota /t/q',
  'setquota -n 2 /t/q',
  'listquota /t/q',
  'setquota -b 100 /t/q',
  'create /t/q/y',
  'setquota -n 5 /t/q/y',
  'setquota -N 3 -B 200 /t/q',
  'create /t/q/a x',
  'create /t/q/b xx',
  'listquota /t/q',
  'setquota -N 2 /t/q',
  'setquota -B 3 /t/q',
  'listquota /t/q',
  'set /t/q/a xxxx',
  'delete /t/q/b',
  'listquota /t/q',
  'ls -R /zookeeper/quota/t',
  'get /zookeeper/quota/t/q/zookeeper_limits',
  'get /zookeeper/quota/t/q/zookeeper_stats',
  'delquota -n /t/q',
  'delquota -b /t/q',
  'listquota /t/q',
  'delquota /t/q',
  'listquota /t/q',
  'delquota /t/q',
  'delquota -n /t/q',
  'delquota',
  'listquota',
  'listquota /none',
  'setquota /t/q',
  'setquota -n',
  'setquota -n 4',
  'setquota -x',
  'setquota -n 3 /none',
  'setquota -n 0 /t/q',
  'setquota -b 0 /t/q',
  'setquota -b -1 /t/q',
  'setquota -B -7 /t/q',
  'setquota -n -1 /t/q',
  'listquota /t/q',
  'setquota -N 0 /t/q',
  'setquota -B 0 /t/q',
  'setquota -n 3 /',
  'create /t/k',
  'create /t/k/l',
  'setquota -n 5 /t/k/l',
  'setquota -n 5 /t/k',
  'delquota /t/k/l',
  'config -w',
  'reconfig',
  'reconfig -add x -members y',
  'reconfig -remove 3',
  'reconfig -add',
  'reconfig -x',
  'version extra',
  'redo 999',
  'unknown',
  'create -e /t/last x',
  'close',
  'ls /t',
  'whoami',
  'printwatches',
  'connect',
  'getEphemerals',
  'get /t/last',
  'addauth digest',
  'ls /t',
];

/** What later versions do otherwise: usages, and ways of watching side by side. */
const UNTIL_3_8 = [
  'get',
  'get -s',
  'get -x /t/q',
  'set /t',
  'addWatch /t/q',
  'get -w /t/q',
  'set /t/q 6',
  'set /t/q 7',
  'removewatches /t/q -d',
  'removewatches /t/q -a',
];

/** What a session at the prompt says to a line, and within a moment after it. */
class OurCli {
  readonly #script = new PromptScript('zookeeper');
  #said: string[] = [];

  constructor() {
    this.#script.session.notices.listen(({ lines }) => void this.#said.push(...lines));
  }

  /** One that leads, or one that follows. */
  server(mode: 'leader' | 'follower'): string {
    const { model, options } = this.#script.session.cluster;
    return quorumNodes(options).find((node) => (node === model.quorum.leader) === (mode === 'leader'))!;
  }

  run(line: string): readonly string[] {
    this.#said = [];
    const { lines } = this.#script.reply(`zk ${line}`);
    const { world } = this.#script.session.cluster;
    world.runUntil(world.nowUs + 200_000);
    return [...this.#said, ...lines];
  }
}

/** Events apart from the rest, for theirs come when they come; without ids, times, our own words, and what 3.9 adds to an event. */
function comparable(lines: readonly string[]) {
  const kept = lines
    .filter((text) => text !== 'WATCHER::' && !text.startsWith('zk: '))
    .map((text) =>
      text
        .replace(/^([cmp]Zxid|[cm]time) = .*/, '$1')
        .replace(/ZooKeeper -server .*/, '')
        .replace(/^(server\.\d)=.*/, '$1')
        .replace(/^(ephemeralOwner) = 0x[^0].*/, '$1')
        .replace(/^(WatchedEvent .*) zxid: -?\d+$/, '$1'),
    );
  const events = kept.filter((text) => text.startsWith('WatchedEvent'));
  const answer = kept.filter((text) => text !== '' && !text.startsWith('WatchedEvent'));
  return { answer, events: events.sort() };
}

describe.each(['3.8.4', '3.9.3'])('zkCli %s', (version) => {
  let real: RealEnsemble;
  let cli: RealCli;
  const ours = new OurCli();

  beforeAll(async () => {
    real = await startEnsemble(version);
    cli = new RealCli(version, real.ports[0]!);
    await cli.run('sync /');
  }, 120_000);
  afterAll(async () => {
    await cli?.close();
    real?.stop();
  });

  const end = LINES.indexOf('close');
  const lines = version === '3.8.4' ? [...LINES.slice(0, end), ...UNTIL_3_8, ...LINES.slice(end)] : LINES;
  test.each(lines.map((line, index) => [index, line] as const))('%i %s', async (_index, line) => {
    const said = await cli.run(line);
    expect(comparable(ours.run(line))).toEqual(comparable(said));
  });

  test.each(['leader', 'follower'] as const)('four-letter words of a %s', async (mode) => {
    const port = await portOf(real, mode);
    const client = new RealCli(version, port);
    const server = ours.server(mode);
    ours.run(`connect ${server}`);
    for (const line of ['sync /', `create -e /${mode} x`, `get -w /${mode}`]) {
      await client.run(line);
      ours.run(line);
    }
    for (const word of WORDS.map(({ name }) => name)) {
      const theirs = await fourLetterWord(port, word);
      const said = ours.run(`${word} ${server}`);
      if (word === 'mntr') {
        // Of the metrics behind the figures we have a few; what we have, the real one has, too.
        const keys = (text: string) => text.split('\n').map((line) => line.split('\t')[0]!);
        expect(keys(theirs)).toEqual(expect.arrayContaining(keys(said.join('\n'))));
      } else expect({ word, shape: shapeOf(said.join('\n')) }).toEqual({ word, shape: shapeOf(theirs) });
    }
    await client.close();
  });
});

async function portOf({ ports }: RealEnsemble, mode: string): Promise<number> {
  for (const port of ports) if ((await fourLetterWord(port, 'srvr')).includes(`Mode: ${mode}`)) return port;
  throw new Error(`no server is a ${mode}`);
}

/** Kinds of lines, each once and in no order: without figures, ids, dates, addresses, paths, and what each has of its machine. */
function shapeOf(text: string): readonly string[] {
  const kinds = text
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .replace(/(version[:=] ?).*/, '$1VERSION')
        .replace(/^(java|os|user|host)\.([\w.]+)=.*/, '$1.$2')
        .replace(/^(server\.\d)=.*/, '$1')
        .replace(/^(data(?:Log)?Dir)=.*/, '$1')
        .replace(/\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}/, 'DATE')
        .replace(/\/[\w.-]+:\d+/, 'ADDRESS')
        .replace(/^(\t?)\/.*/, '$1PATH')
        .replace(/lop=\w+/, 'lop=OP')
        .replaceAll(/0x[0-9a-f]+/g, 'ID')
        .replaceAll(/-?\d+(\.\d+)?/g, 'N'),
    );
  return [...new Set(kinds)].sort();
}
