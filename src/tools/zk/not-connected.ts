import { CliError } from './failure.ts';

/** The session has ended: closed, expired, or refused for its credentials. */
export function notConnected(): CliError {
  return new CliError(
    ['Not connected'],
    'the session is over, and its ephemerals are gone; `zk connect` begins another',
  );
}
