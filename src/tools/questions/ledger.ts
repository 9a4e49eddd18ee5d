import type { RunChecker } from '../../cluster/ports.ts';
import { answered, type Question, refused } from './question.ts';

const MOST_RECORDS = 20;

export const ledger: Question = {
  name: 'ledger',
  usage: 'ledger',
  about: 'what became of every record sent',
  answer({ checker }) {
    if (checker === undefined) return refused('nobody keeps a ledger of this cluster');
    const counts = Object.entries(checker.ledger()).map(([name, count]) => `${name} ${count}`);
    const records = checker
      .entries(MOST_RECORDS)
      .map(
        ({ client, serial, partition, outcome, why: reason }) =>
          `  ${client} #${serial} ${partition} ${outcome}: ${reason}`,
      );
    return answered(counts.join('  '), ...realClients(checker), ...records);
  },
};

/** What the protocol shows of them: whether an application got what was fetched, nobody knows. */
function realClients(checker: RunChecker): readonly string[] {
  const lines = checker
    .clients()
    .map(
      ({ client, sent, acked, failed, fetched }) =>
        `  real client ${client === '' ? '(without client.id)' : client}: sent ${sent}  acked ${acked}  failed ${failed}  fetched ${fetched}`,
    );
  const forgotten = checker.forgotten();
  return forgotten === 0 ? lines : [...lines, `  ${forgotten} of their records are old, and not followed any more`];
}
