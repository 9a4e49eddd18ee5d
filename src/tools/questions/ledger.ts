import type { LedgerEntry, RunChecker } from '../../cluster/ports.ts';
import { nearest } from '../../config/nearest.ts';
import { recordName } from '../why/deciders/ledger.ts';
import { OUTCOMES } from '../why/subject.ts';
import { answered, type Question, refused } from './question.ts';

const MOST_RECORDS = 20;

export const ledger: Question = {
  name: 'ledger',
  usage: 'ledger [OUTCOME]',
  about: `what became of every record sent; of all that are ${OUTCOMES.join(', ')}`,
  answer({ checker }, rest) {
    if (checker === undefined) return refused('nobody keeps a ledger of this cluster');
    if (rest !== '') return withOutcome(checker, rest);
    const counts = Object.entries(checker.ledger()).map(([name, count]) => `${name} ${count}`);
    const records = checker.entries(MOST_RECORDS + 1);
    const more =
      records.length > MOST_RECORDS ? ['  and more: `ledger lost` and its like list all of one outcome'] : [];
    return answered(
      counts.join('  '),
      ...realClients(checker),
      ...records.slice(0, MOST_RECORDS).map((entry) => `  ${entryLine(entry)}`),
      ...more,
    );
  },
};

/** Every record that ended so; `why web#7` and `why lost 2` ask on. */
function withOutcome(checker: RunChecker, asked: string): ReturnType<typeof answered> {
  const outcome = OUTCOMES.find((known) => known === asked);
  if (outcome === undefined) {
    const meant = nearest(asked, OUTCOMES);
    return refused(`ledger takes ${OUTCOMES.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
  }
  const entries = checker.entries(Number.MAX_SAFE_INTEGER).filter((entry) => entry.outcome === outcome);
  if (entries.length > 0) return answered(...entries.map(entryLine));
  const judged = outcome === 'lost' || outcome === 'unseen' ? ': `settle` judges it' : '';
  return answered(`no record is known to be ${outcome}${judged}`);
}

function entryLine(entry: LedgerEntry): string {
  const { partition, offset, outcome, why } = entry;
  return `${recordName(entry)} ${partition}${offset === null ? '' : ` offset ${offset}`} ${outcome}: ${why}`;
}

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
