/** What the administrative verbs share: asking through the operator's node, and saying what was refused. */
import { ErrorCode, errorName } from '../../protocol/errors.ts';
import type { Api, RequestOf, ResponseOf } from '../../protocol/schema.ts';
import type { VerbRun } from './verb.ts';

export interface Result {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

/** One line for a refusal: `TOPIC_ALREADY_EXISTS: Topic 'orders' already exists.` */
export function refusal({ errorCode, errorMessage }: Result): string {
  return errorMessage ? `${errorName(errorCode)}: ${errorMessage}` : errorName(errorCode);
}

/** Not the last word: the controller is moving, or did not answer its broker in time. */
const AGAIN: readonly number[] = [
  ErrorCode.NOT_CONTROLLER,
  ErrorCode.REQUEST_TIMED_OUT,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
];

/** Sends an administrative request about `topic` (null: about none); `accepted` is called when no result of the answer is an error, else the verb fails with the first. */
export function administer<A extends Api>(
  run: VerbRun,
  api: A,
  body: RequestOf<A>,
  topic: string | null,
  results: (response: ResponseOf<A>) => readonly Result[],
  accepted: (response: ResponseOf<A>) => void,
): void {
  run.cluster.operator.request(
    api,
    body,
    run.timeoutUs,
    (response, why) => {
      if (response === null) return run.fail(`no answer: ${why}`);
      const refused = results(response).find(({ errorCode }) => errorCode !== ErrorCode.NONE);
      if (refused !== undefined) run.fail(refusal(refused));
      else accepted(response);
    },
    (response) => {
      const codes = results(response).map(({ errorCode }) => errorCode);
      // A broker that has not heard yet of what the authority decided says that it knows no such topic.
      const lags = topic !== null && run.cluster.model.authority.topics.has(topic);
      const passing = (code: number) => AGAIN.includes(code) || (lags && code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
      return codes.length > 0 && codes.every(passing);
    },
  );
}
