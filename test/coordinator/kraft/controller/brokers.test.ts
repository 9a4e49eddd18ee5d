import { describe, expect, test } from 'vitest';
import { decideStaleBroker } from '../../../../src/coordinator/kraft/controller/broker-life.ts';
import { decideProducerIds } from '../../../../src/coordinator/kraft/controller/producer-ids.ts';
import { AllocateProducerIds } from '../../../../src/protocol/apis/67-allocate-producer-ids.ts';
import { errorName } from '../../../../src/protocol/errors.ts';
import { ControllerStage } from './stage.ts';

describe('registration', () => {
  test('takes the offset of its record for its epoch, and begins fenced', () => {
    const stage = new ControllerStage();
    const { nextOffset } = stage.state;
    expect(stage.register(1)).toEqual({ errorCode: 0, brokerEpoch: nextOffset });
    expect(stage.state.metadata.brokers.get(1)).toMatchObject({ fenced: true, epoch: nextOffset });
  });

  test('is refused while the former process has a session, fenced or not', () => {
    const stage = new ControllerStage().serve(1);
    expect(errorName(stage.register(1).errorCode)).toBe('DUPLICATE_BROKER_REGISTRATION');
    stage.nowMs += 9000;
    expect(errorName(stage.register(1).errorCode)).toBe('DUPLICATE_BROKER_REGISTRATION');
    stage.nowMs += 1;
    expect(errorName(stage.register(1).errorCode)).toBe('NONE');
  });

  test('is refused for log directories of another broker', () => {
    const stage = new ControllerStage().serve(1);
    const registered = stage.state.metadata.brokers.get(1)!;
    stage.state.metadata.setBroker({ ...registered, directories: ['directory-2'] });
    expect(errorName(stage.register(2).errorCode)).toBe('INVALID_REGISTRATION');
  });
});

describe('a heartbeat', () => {
  test('of a stale epoch is refused', () => {
    const stage = new ControllerStage();
    stage.register(1);
    const stale = stage.epochOf(1);
    stage.nowMs += 20_000;
    stage.register(1);
    expect(stage.epochOf(1)).toBeGreaterThan(stale);
    stage.state.metadata.removeBroker(1);
    expect(errorName(stage.heartbeat(1).errorCode)).toBe('STALE_BROKER_EPOCH');
  });

  test('unfences a broker that wants it and has read its own registration', () => {
    const stage = new ControllerStage();
    stage.register(1);
    const epoch = stage.epochOf(1);
    expect(stage.heartbeat(1, { currentMetadataOffset: epoch - 1 })).toMatchObject({
      isCaughtUp: false,
      isFenced: true,
    });
    expect(stage.heartbeat(1, { wantFence: true })).toMatchObject({ isCaughtUp: true, isFenced: true, records: [] });
    expect(stage.heartbeat(1)).toMatchObject({ isFenced: false, records: ['broker-registration-change'] });
    expect(stage.heartbeat(1)).toMatchObject({ isFenced: false, records: [] });
  });

  test('that asks to leave moves leaders first, and is let go when everybody has seen it', () => {
    const stage = new ControllerStage().serve(1, 2, 3).orders([1, 2], [3, 1]);
    const offsetBefore = stage.state.nextOffset - 1;
    for (const id of [2, 3]) stage.heartbeat(id);
    const first = stage.heartbeat(1, { wantShutDown: true });
    expect(first).toMatchObject({
      shouldShutDown: false,
      records: ['broker-registration-change', 'partition-change', 'partition-change'],
    });
    expect(stage.line(0)).toBe('leader=2 isr=[2] le=1 pe=1');
    stage.heartbeat(3);
    stage.heartbeat(2, { currentMetadataOffset: offsetBefore });
    expect(stage.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false, records: [] });
    stage.heartbeat(2);
    expect(stage.heartbeat(1, { wantShutDown: true })).toMatchObject({
      shouldShutDown: true,
      isFenced: true,
      records: ['broker-registration-change'],
    });
  });

  test('that asks to leave while it leads nothing is let go at once', () => {
    const stage = new ControllerStage().serve(1, 2).orders([2, 1]);
    expect(stage.heartbeat(1, { wantShutDown: true })).toMatchObject({
      shouldShutDown: true,
      records: ['partition-change', 'broker-registration-change'],
    });
  });
});

test('stale brokers are fenced one at a time, the longest silent first', () => {
  const stage = new ControllerStage().serve(1);
  stage.nowMs += 100;
  stage.serve(2);
  stage.nowMs += 9000;
  expect(decideStaleBroker(stage.state, stage.nowMs)?.brokerId).toBe(1);
  stage.state.heartbeats.endSession(1);
  expect(decideStaleBroker(stage.state, stage.nowMs)).toBeNull();
  stage.nowMs += 1;
  expect(decideStaleBroker(stage.state, stage.nowMs)?.brokerId).toBe(2);
});

test('producer ids come in blocks that nobody gets twice', () => {
  const stage = new ControllerStage().serve(1, 2);
  const allocate = (brokerId: number, brokerEpoch: number) =>
    stage.carryOut(decideProducerIds(stage.state, AllocateProducerIds.request.make({ brokerId, brokerEpoch })));
  expect(allocate(1, stage.epochOf(1))).toMatchObject({ errorCode: 0, producerIdStart: 0, producerIdLen: 1000 });
  expect(allocate(2, stage.epochOf(2))).toMatchObject({ errorCode: 0, producerIdStart: 1000, producerIdLen: 1000 });
  expect(errorName(allocate(2, 1).errorCode)).toBe('STALE_BROKER_EPOCH');
});
