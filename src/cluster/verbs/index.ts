/** Every verb, one line each, in the order in which help lists them. */

import { abort } from './abort.ts';
import { acl } from './acl.ts';
import { addClient } from './add-client.ts';
import { addPartitions } from './add-partitions.ts';
import { alterConfig } from './alter-config.ts';
import { bandwidth } from './bandwidth.ts';
import { clock } from './clock.ts';
import { commit } from './commit.ts';
import { consume } from './consume.ts';
import { createTopic } from './create-topic.ts';
import { cut } from './cut.ts';
import { delay } from './delay.ts';
import { deleteGroup } from './delete-group.ts';
import { deleteTopic } from './delete-topic.ts';
import { disk } from './disk.ts';
import { electLeaders } from './elect-leaders.ts';
import { expect } from './expect.ts';
import { expireSession } from './expire-session.ts';
import { heal } from './heal.ts';
import { hold } from './hold.ts';
import { inject } from './inject.ts';
import { isolate } from './isolate.ts';
import { kill } from './kill.ts';
import { letVerb } from './let.ts';
import { loss } from './loss.ts';
import { moveController } from './move-controller.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';
import { powerOff } from './power-off.ts';
import { produce } from './produce.ts';
import { quota } from './quota.ts';
import { release } from './release.ts';
import { repair } from './repair.ts';
import { reset } from './reset.ts';
import { resetOffsets } from './reset-offsets.ts';
import { restart } from './restart.ts';
import { resume } from './resume.ts';
import { rollingRestart } from './rolling-restart.ts';
import { run } from './run.ts';
import { say } from './say.ts';
import { set } from './set.ts';
import { slowDown } from './slow-down.ts';
import { snapshot } from './snapshot.ts';
import { staleMetadata } from './stale-metadata.ts';
import { start } from './start.ts';
import { startClient } from './start-client.ts';
import { stop } from './stop.ts';
import { stopClient } from './stop-client.ts';
import type { Verb } from './verb.ts';
import { wait } from './wait.ts';
import { waitFor } from './wait-for.ts';
import { wipe } from './wipe.ts';

export const VERBS: readonly Verb[] = [
  kill,
  stop,
  start,
  restart,
  pause,
  resume,
  powerOff,
  wipe,
  slowDown,
  rollingRestart,
  partition,
  isolate,
  cut,
  heal,
  delay,
  loss,
  bandwidth,
  reset,
  hold,
  release,
  disk,
  repair,
  clock,
  inject,
  staleMetadata,
  expireSession,
  electLeaders,
  moveController,
  createTopic,
  deleteTopic,
  addPartitions,
  alterConfig,
  resetOffsets,
  deleteGroup,
  acl,
  quota,
  addClient,
  startClient,
  stopClient,
  produce,
  consume,
  commit,
  abort,
  set,
  expect,
  wait,
  waitFor,
  letVerb,
  run,
  snapshot,
  say,
] as readonly unknown[] as readonly Verb[];

const byName = new Map(VERBS.map((verb) => [verb.name, verb]));

export function verbNamed(name: string): Verb | undefined {
  return byName.get(name);
}
