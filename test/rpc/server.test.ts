import { describe, expect, test } from 'vitest';
import type { Connection, ConnectionHandler } from '../../src/kernel/api.ts';
import { Metadata } from '../../src/protocol/apis/03-metadata.ts';
import { Heartbeat } from '../../src/protocol/apis/12-heartbeat.ts';
import { ApiVersions } from '../../src/protocol/apis/18-api-versions.ts';
import { Reader } from '../../src/protocol/reader.ts';
import type { Interception, RpcFailure, ServerRequest } from '../../src/rpc/api.ts';
import { rpcEvents } from '../../src/rpc/events.ts';
import { encodeRequest, RequestMessage } from '../../src/rpc/messages.ts';
import { MS, SECOND } from '../kernel/harness.ts';
import { answer, describeOutcome, nameOf, newBench } from './harness.ts';

const withoutTimes = (lines: readonly string[]) => lines.map((line) => line.replace(/^\d+ /, ''));

describe.each([false, true])('a server (encode: %s)', (encode) => {
  test('works on one request of a connection at a time and answers in order', () => {
    const { world, log, ask } = newBench({ encode });
    for (const name of ['a', 'bb', 'ccc']) ask(name);
    world.runUntil(SECOND);
    expect(log).toEqual([
      '1500 handle a',
      '2500 handle bb',
      '3000 a: error 1',
      '3500 handle ccc',
      '4000 bb: error 2',
      '5000 ccc: error 3',
    ]);
  });

  test('never enters a handler from within another', () => {
    let depth = 0;
    const { world, log, ask } = newBench({
      encode,
      handle: (_context, request) => {
        depth += 1;
        expect(depth).toBe(1);
        answer(request);
        depth -= 1;
      },
    });
    for (const name of ['a', 'bb', 'ccc']) ask(name);
    world.runUntil(SECOND);
    expect(log.length).toBe(6);
  });

  test('goes on without an answer where none is expected', () => {
    const { world, log, ask } = newBench({
      encode,
      handle: (_context, request) => (nameOf(request) === 'a' ? request.noResponse() : answer(request)),
    });
    ask('a', { expectsResponse: false });
    ask('bb');
    world.runUntil(SECOND);
    expect(withoutTimes(log)).toEqual(['a: sent', 'handle a', 'handle bb', 'bb: error 2']);
  });

  test('can close the connection instead of answering', () => {
    const { world, log, ask } = newBench({ encode, handle: (_context, request) => request.close() });
    ask('a');
    ask('bb');
    world.runUntil(SECOND);
    expect(withoutTimes(log)).toEqual(['handle a', 'disconnected 1', 'a: closed sent', 'bb: closed sent']);
  });

  test('drops an answer for a client that is gone', () => {
    const { world, client, log, ask } = newBench({ encode });
    ask('a');
    world.runUntil(2 * MS);
    client.kill();
    world.runUntil(SECOND);
    expect(log).toEqual(['1500 handle a', '2500 disconnected 1']);
  });

  test('an unknown version of ApiVersions is answered with error 35 in version 0 (KIP-511)', () => {
    const { world, channel } = newBench({ encode });
    let got: unknown;
    channel.send(
      ApiVersions,
      4,
      ApiVersions.request.make({}),
      (_arg, response) => {
        got = response;
      },
      null,
    );
    world.runUntil(SECOND);
    expect(got).toMatchObject({ errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 3 }] });
  });

  test.each([
    ['an API', Metadata, 12, Metadata.request.make({})],
    ['a version', Heartbeat, 0, Heartbeat.request.make({})],
  ] as const)('%s that is not offered costs the connection', (_what, api, version, body) => {
    const { world, log, channel } = newBench({ encode });
    const rejected: unknown[] = [];
    world.trace.subscribe([rpcEvents['request-rejected']], ({ values }) => rejected.push(values));
    const note = (_arg: null, _response: unknown, why: RpcFailure | null) => log.push(describeOutcome(null, why));
    channel.send<null>(api, version, body, note, null);
    world.runUntil(SECOND);
    expect(rejected).toEqual([[api.key, version, 'c1', 1, `${_what.slice(_what.indexOf(' ') + 1)} not offered`]]);
    expect(withoutTimes(log)).toEqual(['disconnected 1', 'closed sent']);
  });

  describe('under injected faults', () => {
    const rewrite = () => Heartbeat.response.make({ errorCode: 77 });
    const table: [string, Interception, string[]][] = [
      [
        'answers in place of the handler',
        { kind: 'answer', handled: false, rewrite },
        ['handle b', 'a: error 77', 'b: error 1'],
      ],
      [
        'answers otherwise than the handler',
        { kind: 'answer', handled: true, rewrite },
        ['handle a', 'handle b', 'a: error 77', 'b: error 1'],
      ],
      ['delays', { kind: 'delay', delayUs: 5 * MS }, ['handle a', 'handle b', 'a: error 1', 'b: error 1']],
      [
        'disconnects before the handler sees it',
        { kind: 'disconnect', handled: false },
        ['disconnected 1', 'a: closed sent', 'b: closed sent'],
      ],
      [
        'disconnects after the handler did its work',
        { kind: 'disconnect', handled: true },
        ['handle a', 'disconnected 1', 'a: closed sent', 'b: closed sent'],
      ],
      ['hangs unseen', { kind: 'hang', handled: false }, ['a: overdue sent', 'b: overdue sent', 'disconnected 1']],
      [
        'hangs after the work',
        { kind: 'hang', handled: true },
        ['handle a', 'a: overdue sent', 'b: overdue sent', 'disconnected 1'],
      ],
    ];

    test.each(table)('%s', (_name, interception, expected) => {
      const intercept = (request: ServerRequest) => (nameOf(request) === 'a' ? interception : null);
      const { world, log, ask } = newBench({ encode, intercept });
      ask('a');
      ask('b');
      world.runUntil(5 * SECOND);
      expect(withoutTimes(log)).toEqual(expected);
    });
  });
});

describe('frames of a real client', () => {
  function talk(frames: readonly Uint8Array[]) {
    const { world, context, log } = newBench();
    const seen: unknown[] = [];
    const handler: ConnectionHandler = {
      onMessage: (_connection: Connection, message: unknown) => seen.push(message),
      onClose: (_connection, reason) => seen.push(reason),
    };
    const connection = context.connect('b1', 'kafka', handler);
    for (const frame of frames) connection.send(frame);
    world.runUntil(SECOND);
    return { seen, log };
  }

  function frameOf(name: string, correlationId: number): Uint8Array {
    const body = Heartbeat.request.make({ groupId: 'g', memberId: name });
    const message = new RequestMessage(Heartbeat, 4, 'real', body, true, () => {}, null, 0);
    message.correlationId = correlationId;
    return encodeRequest(message);
  }

  test('are answered with frames, with the client’s own correlation ids', () => {
    const { seen } = talk([frameOf('a', 99), frameOf('bb', 7)]);
    const answers = seen.map((frame) => {
      const reader = new Reader(frame as Uint8Array);
      const correlationId = reader.int32();
      reader.position += 1;
      return [correlationId, Heartbeat.responseCodec(4).read(reader).errorCode];
    });
    expect(answers).toEqual([
      [99, 1],
      [7, 2],
    ]);
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['noise', Uint8Array.of(0x47, 0x45, 0x54, 0x20, 0x2f, 0x20, 0x48, 0x54, 0x54, 0x50, 0x2f, 0x31)],
    ['half a request', frameOf('a', 1).subarray(0, 16)],
  ])('that are %s cost the connection', (_what, frame) => {
    const { seen, log } = talk([frame]);
    expect(seen).toEqual(['closed']);
    expect(log.filter((line) => line.includes('handle'))).toEqual([]);
  });
});
