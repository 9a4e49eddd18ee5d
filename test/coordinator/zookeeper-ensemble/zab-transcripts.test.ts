/** Each file of test/transcripts/zab is a script and its own snapshot: commands, `----`, what was seen. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, describe as suite, test } from 'vitest';
import { OpCode } from '../../../src/coordinator/zookeeper/ensemble/codes.ts';
import type { WriteRequest } from '../../../src/coordinator/zookeeper/ensemble/messages.ts';
import { formatZxid } from '../../../src/coordinator/zookeeper/ensemble/zxid.ts';
import { describe, EnsembleModel } from './ensemble-model.ts';

const FOLDER = new URL('../../transcripts/zab/', import.meta.url);

type Verb = (model: EnsembleModel, args: string[]) => void;

const verbs: Record<string, Verb> = {
  start: (model, sids) => each(sids, (sid) => model.start(sid)),
  crash: (model, sids) => each(sids, (sid) => model.crash(sid)),
  /** `wipe 2`: an empty disk, as after a replacement. */
  wipe: (model, [sid]) =>
    Object.assign(model.server(Number(sid)).stored, { snapshot: null, log: [], acceptedEpoch: 0, currentEpoch: 0 }),
  /** `run 300` milliseconds. */
  run: (model, [ms]) => model.run(Number(ms)),
  /** `cut 3 from 1 2`: nothing passes, either way. */
  cut: (model, [one, , ...others]) => {
    for (const other of others) model.cut(Number(one), Number(other));
  },
  heal: (model) => model.heal(),
  /** `disk 3 50`: a write takes 50 ms. */
  disk: (model, [sid, ms]) => {
    model.server(Number(sid)).diskMs = Number(ms);
  },
  /** `loud`: with every packet between servers; `show`: what happened; `quiet`: nothing. */
  loud: (model) => {
    model.voice = 'loud';
  },
  show: (model) => {
    model.voice = 'show';
  },
  quiet: (model) => {
    model.voice = 'quiet';
  },
  /** `client 2`: session 7 at server 2, without a number at the leader; no silence ends it. */
  client: (model, [sid]) => {
    model.submit(Number(sid ?? model.leader()?.sid), 7, { type: OpCode.createSession, timeOut: 1_000_000_000 });
    model.run(10);
  },
  /** `submit 2 create /a`: by a client that is connected to server 2. */
  submit: (model, [sid, op, ...args]) => model.submit(Number(sid), Number(args[1] ?? 7), request(op, args)),
  sync: (model, [sid, session]) => model.step(Number(sid), { kind: 'sync', sessionId: Number(session), cxid: 0 }),
  touch: (model, [sid, session, timeout]) =>
    model.step(Number(sid), { kind: 'touch', sessionId: Number(session), timeout: Number(timeout) }),
  revalidate: (model, [sid, session, timeout]) =>
    model.step(Number(sid), { kind: 'revalidate', sessionId: Number(session), timeout: Number(timeout) }),
  state: (model) => {
    for (const { sid, peer, tree, serving } of model.servers.values()) {
      if (peer === null) model.lines.push(`${sid} down`);
      else {
        const zxids = `logged=${formatZxid(peer.lastLoggedZxid)} applied=${formatZxid(tree.lastZxid)}`;
        const epochs = `accepted=${peer.acceptedEpoch} current=${peer.currentEpoch}`;
        model.lines.push(`${sid} ${peer.state} leader=${peer.leader} ${epochs} ${zxids}${serving ? ' serving' : ''}`);
      }
    }
  },
  /** What lies on a server's disk. */
  log: (model, [sid]) => {
    const { snapshot, log } = model.server(Number(sid)).stored;
    if (snapshot !== null) model.lines.push(`snapshot of ${formatZxid(snapshot.zxid)}: ${snapshot.nodes.length} nodes`);
    for (const { zxid, body } of log) model.lines.push(`${formatZxid(zxid)} ${describe(body)}`);
  },
};

function each(sids: readonly string[], action: (sid: number) => void): void {
  for (const sid of sids) action(Number(sid));
}

function request(op: string | undefined, [path = '', arg]: string[]): WriteRequest {
  switch (op) {
    case 'create':
      return { type: OpCode.create, path, data: null, flags: 0 };
    case 'ephemeral':
      return { type: OpCode.create, path, data: null, flags: 1 };
    case 'delete':
      return { type: OpCode.delete, path, version: -1 };
    case 'session':
      return { type: OpCode.createSession, timeOut: Number(arg === undefined ? 6000 : path) };
    case 'close':
      return { type: OpCode.closeSession };
    default:
      throw new Error(`unknown operation ${op}`);
  }
}

function render(text: string): string {
  let model = new EnsembleModel(3);
  const stanzas = text.trim().split(/\n\n+/);
  const rendered = stanzas.map((stanza) => {
    const head = stanza.split('\n');
    const separator = head.indexOf('----');
    const commands = separator < 0 ? head : head.slice(0, separator);
    for (const command of commands) {
      if (command.startsWith('#')) continue;
      const [name = '', ...args] = command.split(' ');
      if (name === 'ensemble') {
        model = new EnsembleModel(Number(args[0]));
        continue;
      }
      const verb = verbs[name];
      if (verb === undefined) throw new Error(`unknown verb ${name}; known: ${Object.keys(verbs).join(', ')}`);
      verb(model, args);
    }
    const seen = model.lines;
    model.lines = [];
    return commands.every((line) => line.startsWith('#'))
      ? commands.join('\n')
      : [...commands, '----', ...seen].join('\n');
  });
  return `${rendered.join('\n\n')}\n`;
}

suite('zab transcripts', () => {
  for (const name of readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt'))
    .sort()) {
    test(name, async () => {
      const file = new URL(name, FOLDER);
      await expect(render(readFileSync(file, 'utf8'))).toMatchFileSnapshot(file.pathname);
    });
  }
});
