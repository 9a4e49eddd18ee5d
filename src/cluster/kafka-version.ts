import { RELEASES, type Release } from '../protocol/schema.ts';
import type { Mode } from './options.ts';

/** What a cluster runs that does not say. */
export function defaultRelease(mode: Mode): Release {
  return mode === 'zookeeper' ? '3.9' : '4.2';
}

/**
 * The release that a user means, or a sentence that says why there is none. A patch number is passed over, and `4` is what
 * YAML makes of `4.0`.
 */
export function readKafkaVersion(text: string): Release | { readonly problem: string } {
  const [, minor] = /^(\d+(?:\.\d+)?)(?:\.\d+)?$/.exec(text) ?? [];
  const wanted = minor === '4' ? '4.0' : minor;
  const found = RELEASES.find((release) => release === wanted);
  return found ?? { problem: `Kafka ${text} is not simulated; there are ${RELEASES.join(', ')}` };
}

/** Why a release cannot run in these modes, or null: ZooKeeper ended with 3.9. */
export function modeProblem(release: Release, modes: readonly Mode[]): string | null {
  if (release === '3.9' || !modes.includes('zookeeper')) return null;
  return `Kafka ${release} has no ZooKeeper mode, which ended with 3.9`;
}
