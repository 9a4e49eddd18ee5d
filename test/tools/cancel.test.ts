/** Ctrl-C, as the world hears of it: the line that waits has ended, and nothing that it would have done comes after. */
import { expect, test } from 'vitest';
import type { Reply, Session } from '../../src/tools/session.ts';
import { PromptScript } from './prompt-script.ts';

function begin(session: Session, line: string): Reply[] {
  const replies: Reply[] = [];
  session.execute(line, (reply) => void replies.push(reply));
  return replies;
}

test('gives up what waits, one line after another', () => {
  const script = new PromptScript('kraft', { timers: 'fast' });
  const { session } = script;
  const expectation = begin(session, 'expect orders-0.leader == 3 within 5s');
  const restart = begin(session, 'rollingRestart brokers');
  const consumer = begin(session, 'kafka-console-consumer --topic orders');
  script.reply('wait 300ms');
  const cancelled = [script.reply('cancel'), script.reply('cancel'), script.reply('cancel')];
  expect(cancelled.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect([consumer, restart, expectation].map(([reply]) => reply)).toEqual([
    { ok: false, lines: ['cancelled: kafka-console-consumer --topic orders'] },
    { ok: false, lines: ['cancelled: rollingRestart brokers'] },
    { ok: false, lines: ['cancelled: expect orders-0.leader == 3 within 5s'] },
  ]);
  expect(script.reply('cancel')).toEqual({ ok: false, lines: ['nothing runs that could be cancelled'] });
  script.reply('wait 6s');
  expect([consumer, restart, expectation].map(({ length }) => length)).toEqual([1, 1, 1]);
  // The restart has stopped one broker, and goes no further.
  expect(session.events.filter(({ kind }) => kind.name === 'process-stopped').map(({ node }) => node)).toEqual([
    'broker-1',
  ]);
});
