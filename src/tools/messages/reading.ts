/** Reads whatever travels over connections: Kafka's requests and responses, as values or as bytes, and ZooKeeper's messages. */
import { CLIENT_PORT } from '../../coordinator/zookeeper/ensemble/client-service.ts';
import {
  WORDS_PORT,
  type WordAnswer,
  type WordQuestion,
} from '../../coordinator/zookeeper/ensemble/four-letter/listener.ts';
import type {
  ClientToServer,
  ElectionMessage,
  QuorumPacket,
  ServerToClient,
} from '../../coordinator/zookeeper/ensemble/messages.ts';
import { ELECTION_PORT, QUORUM_PORT } from '../../coordinator/zookeeper/ensemble/peers.ts';
import type { SightedMessage } from '../../kernel/api.ts';
import type { Api } from '../../protocol/schema.ts';
import { inRange } from '../../protocol/versions.ts';
import { MalformedMessage } from '../../protocol/wire-error.ts';
import {
  type Asked,
  arrivalOf,
  decodeResponse,
  EncodedMessage,
  RequestMessage,
  ResponseMessage,
  TAKEN,
  WitnessedFrame,
} from '../../rpc/messages.ts';
import type { TopicNames } from './kafka/describe.ts';
import { requestTold, responseTold } from './kafka/index.ts';
import { MOST_LETTERS, type Summary, type Told } from './summary.ts';
import { toClientSummary, toServerSummary, wordSummary } from './zookeeper/client.ts';
import { electionSummary, quorumSummary } from './zookeeper/servers.ts';

/** Requests of one connection that are remembered until their answers come. */
const MOST_OPEN = 200;
/** Connections of which that is so; the one that was seen first is forgotten. */
const MOST_CONNECTIONS = 2_000;

/** Remembers of each connection what has been asked, as an answer in bytes or of ZooKeeper does not say what it answers. */
export class MessageReader {
  readonly #names: TopicNames;
  readonly #kafka = new Answers<Asked>();
  readonly #zookeeper = new Answers<string>();

  constructor(names: TopicNames) {
    this.#names = names;
  }

  /** Undefined for what carries nothing (that a real client's request was taken in). */
  read({ message, port, connection, toListener }: SightedMessage): Summary | undefined {
    if (message instanceof RequestMessage) return this.#request(message.api, message.correlationId, () => message.body);
    if (message instanceof ResponseMessage) return this.#response(message, () => message.body);
    if (message instanceof WitnessedFrame) return this.#answerFrame(connection, message.bytes);
    if (message instanceof EncodedMessage || message instanceof Uint8Array) {
      if (toListener) return this.#askingFrame(connection, message);
      return this.#answerFrame(connection, message instanceof EncodedMessage ? message.bytes : message);
    }
    if (message === TAKEN || message === undefined) return undefined;
    return this.#ofZookeeper(message, port, connection, toListener);
  }

  /** Records may have been damaged on a disk: whatever is in them, looking harms nobody. */
  #request(api: Api, correlation: number, body: () => unknown, by = ''): Summary {
    const told = this.#told(() => requestTold(api, body(), this.#names));
    return kafkaSummary(api, 'request', correlation, { ...told, text: `${told.text}${by}`.trimStart() });
  }

  #response({ api, correlationId }: Asked, body: () => unknown): Summary {
    return kafkaSummary(
      api,
      'response',
      correlationId,
      this.#told(() => responseTold(api, body(), this.#names)),
    );
  }

  #told(tell: () => Told): Told {
    try {
      return tell();
    } catch (thrown) {
      if (!(thrown instanceof MalformedMessage)) throw thrown;
      return { text: 'malformed' };
    }
  }

  #askingFrame(connection: number, message: EncodedMessage | Uint8Array): Summary {
    const bytes = message instanceof EncodedMessage ? message.bytes : message;
    const arrival = arrivalOf(message, 0);
    if (arrival instanceof MalformedMessage || arrival.api === undefined) return unread('request', bytes);
    const { api, version, correlationId, clientId, reader } = arrival;
    if (!inRange(api.versions, version))
      return kafkaSummary(api, 'request', correlationId, { text: `in version ${version}, which there is not` });
    this.#kafka.asked(connection, correlationId, { api, version, correlationId });
    // All real clients are one node: who it was stands with what it says.
    const by = arrival.form === 'frame' && clientId !== '' ? ` by ${clientId}` : '';
    return this.#request(api, correlationId, () => api.requestCodec(version).read(reader!), by);
  }

  #answerFrame(connection: number, bytes: Uint8Array): Summary {
    if (bytes.length < 4) return unread('response', bytes);
    const correlation = (bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!;
    const asked = this.#kafka.answered(connection, correlation);
    if (asked === undefined) return unread('response', bytes);
    return this.#response(asked, () => decodeResponse(bytes, asked));
  }

  /** Who speaks at these ports sends nothing else. */
  #ofZookeeper(message: unknown, port: string, connection: number, toListener: boolean): Summary | undefined {
    if (port === ELECTION_PORT) return short(electionSummary(message as ElectionMessage));
    if (port === QUORUM_PORT) return short(quorumSummary(message as QuorumPacket));
    if (port === WORDS_PORT) return short(wordSummary(message as WordQuestion | WordAnswer));
    if (port !== CLIENT_PORT) return undefined;
    if (toListener) {
      const summary = toServerSummary(message as ClientToServer);
      if (summary.correlation !== null) this.#zookeeper.asked(connection, summary.correlation, summary.name);
      return short(summary);
    }
    const answer = message as ServerToClient;
    const asked = answer.kind === 'reply' ? this.#zookeeper.answered(connection, answer.xid) : undefined;
    return short(toClientSummary(answer, asked));
  }
}

/** What awaits an answer, by connection; in the order in which it was asked. */
class Answers<T> {
  readonly #open = new Map<number, { readonly correlation: number; readonly what: T }[]>();

  asked(connection: number, correlation: number, what: T): void {
    let open = this.#open.get(connection);
    if (open === undefined) {
      if (this.#open.size >= MOST_CONNECTIONS) this.#open.delete(this.#open.keys().next().value!);
      open = [];
      this.#open.set(connection, open);
    }
    if (open.length >= MOST_OPEN) open.shift();
    open.push({ correlation, what });
  }

  /** Answers come in order: what was asked before this and has none will have none. */
  answered(connection: number, correlation: number): T | undefined {
    const open = this.#open.get(connection);
    const at = open?.findIndex((one) => one.correlation === correlation) ?? -1;
    return at < 0 ? undefined : open!.splice(0, at + 1).at(-1)!.what;
  }
}

function kafkaSummary(api: Api, role: 'request' | 'response', correlation: number, told: Told): Summary {
  const { text, idle = false, error = 0 } = told;
  return short({ name: api.name, role, text, correlation, idle, bad: error !== 0 });
}

/** Bytes that are no message of Kafka's: a token of SASL, or nonsense. */
function unread(role: 'request' | 'response', bytes: Uint8Array): Summary {
  return { name: 'bytes', role, text: String(bytes.length), correlation: null, idle: false, bad: false };
}

/** Of bounded length, and in one piece: a text that was put together keeps its pieces until somebody reads a letter of it. */
function short(summary: Summary): Summary {
  const { text } = summary;
  if (text.length > MOST_LETTERS) return { ...summary, text: `${text.slice(0, MOST_LETTERS - 1)}…` };
  text.charCodeAt(0);
  return summary;
}
