/** SCRAM credentials of users, for `kafka-configs`. */
import { DescribeUserScramCredentials } from '../../protocol/apis/50-describe-user-scram-credentials.ts';
import { AlterUserScramCredentials } from '../../protocol/apis/51-alter-user-scram-credentials.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { MIN_ITERATIONS, SCRAM_MECHANISMS, scramMechanism } from '../../protocol/scram.ts';
import type { Changes } from './configs.ts';
import { PlainError, refuse } from './failure.ts';
import { ask, type Steps } from './steps.ts';
import type { ToolCall } from './tool.ts';

const SALT_BYTES = 16;

export const isMechanism = (name: string): boolean => scramMechanism(name) !== undefined;

/** Undefined: of every user. */
export function* describeCredentials({ admin, print, data }: ToolCall, user: string | undefined): Steps<void> {
  const body = DescribeUserScramCredentials.request.make({ users: user === undefined ? null : [{ name: user }] });
  const response = yield* ask(admin, DescribeUserScramCredentials, body, { kind: 'any' });
  refuse(response.errorCode, response.errorMessage);
  for (const result of response.results) {
    if (result.errorCode === ErrorCode.RESOURCE_NOT_FOUND) continue;
    refuse(result.errorCode, result.errorMessage);
    const infos = result.credentialInfos.map(
      ({ mechanism, iterations }) =>
        `${SCRAM_MECHANISMS.find(({ type }) => type === mechanism)?.name}=iterations=${iterations}`,
    );
    data({ user: result.user, credentials: infos });
    print(`SCRAM credential configs for user-principal '${result.user}' are ${infos.join(', ')}`);
  }
}

/** The password is salted here, and never sent. */
export function* alterCredentials({ admin, cluster }: ToolCall, name: string, changes: Changes): Steps<void> {
  const { hashing } = cluster;
  if (hashing === undefined)
    throw new PlainError('this cluster was made without hashes, so that nobody has a password');
  const upsertions = changes.set.map(([mechanismName, text]) => {
    const mechanism = scramMechanism(mechanismName)!;
    const { iterations, password } = readCredential(mechanismName, text);
    const salt = admin.network.context.chance('scram-salts').bytes(SALT_BYTES);
    const saltedPassword = hashing.pbkdf2(mechanism.hash, password, salt, iterations);
    return { name, mechanism: mechanism.type, iterations, salt, saltedPassword };
  });
  const deletions = changes.remove.map((mechanism) => ({ name, mechanism: scramMechanism(mechanism)!.type }));
  const body = AlterUserScramCredentials.request.make({ upsertions, deletions });
  const { results } = yield* ask(admin, AlterUserScramCredentials, body, { kind: 'controller' });
  for (const { errorCode, errorMessage } of results) refuse(errorCode, errorMessage);
}

/** `iterations=8192,password=secret`. Throws `PlainError`. */
function readCredential(mechanism: string, text: string) {
  const [, given, password] = /^(?:iterations=(-?\d*),)?password=(.*)$/s.exec(text) ?? [];
  if (password === undefined)
    throw new PlainError(`Invalid credential property ${mechanism.replaceAll('-', '_')}=${text}`);
  const iterations = given === undefined || given === '-1' ? MIN_ITERATIONS : Number(given);
  if (iterations < MIN_ITERATIONS)
    throw new PlainError(
      `Iterations ${iterations} is less than the minimum ${MIN_ITERATIONS} required for ${mechanism}`,
    );
  return { iterations, password };
}
