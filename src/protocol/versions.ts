import { MalformedMessage } from './wire-error.ts';

/** How schemas write a range of versions: `3`, `3-12`, or `9+` for "from 9 on". */
export type Versions = `${number}` | `${number}-${number}` | `${number}+`;

/** A range of versions, both ends included; an open range ends at 32767. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/** The end of an open range: versions are int16 on the wire. */
export const LAST_VERSION = 32767;

/** The range that holds every version. */
export const ALL_VERSIONS: VersionRange = { min: 0, max: LAST_VERSION };

const parsed = new Map<string, VersionRange>();

export function parseVersions(text: Versions): VersionRange {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (match === null) throw new Error(`not a range of versions: "${text}"`);
  const min = Number(match[1]);
  const max = match[2] === '+' ? LAST_VERSION : match[3] === undefined ? min : Number(match[3]);
  const range = { min, max };
  parsed.set(text, range);
  return range;
}

/** For a version that stands in what somebody else wrote. Throws MalformedMessage where it is none of these. */
export function checkVersion(version: number, versions: VersionRange, path: string): number {
  if (inRange(versions, version)) return version;
  throw new MalformedMessage(`${path} has versions ${versions.min} to ${versions.max}, not ${version}`);
}

export function inRange(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max;
}

/** What two ranges share, or null where they share nothing. */
export function intersect(a: VersionRange, b: VersionRange): VersionRange | null {
  const min = a.min > b.min ? a.min : b.min;
  const max = a.max < b.max ? a.max : b.max;
  return min <= max ? { min, max } : null;
}
