import { Reader } from '../../src/protocol/reader.ts';
import type { Api, RequestOf, ResponseOf } from '../../src/protocol/schema.ts';
import { Writer } from '../../src/protocol/writer.ts';
import type { ServerRequest } from '../../src/rpc/api.ts';
import { anonymous } from '../../src/rpc/identity.ts';

interface Handler {
  readonly api: Api;
  handle(request: ServerRequest): void;
}

/** Asks one of a coordinator's handlers as a client on another host would. The answer comes as it would come over the wire, and once. */
export function askHandler<A extends Api>(
  handlers: readonly Handler[],
  clientId: string,
  api: A,
  version: number,
  body: RequestOf<A>,
  then: (body: ResponseOf<A>) => void,
): void {
  let answered = false;
  const { handle } = handlers.find((handler) => handler.api.key === api.key)!;
  handle({
    api,
    version,
    correlationId: 0,
    body,
    exclusive: false,
    peer: {
      node: 'host',
      connectionId: 1,
      port: '9092',
      clientId,
      clientSoftware: 'test',
      identity: anonymous('host'),
      channel: { mute: () => {}, close: () => {} },
    },
    respond: (response) => {
      if (answered) throw new Error(`${api.name} was answered twice`);
      answered = true;
      then(overTheWire(api, version, response) as ResponseOf<A>);
    },
    noResponse: () => {},
    close: () => {},
  });
}

function overTheWire(api: Api, version: number, body: unknown): unknown {
  const codec = api.responseCodec(version);
  const writer = new Writer(codec.size(body));
  codec.write(writer, body);
  return codec.read(new Reader(writer.written()));
}
