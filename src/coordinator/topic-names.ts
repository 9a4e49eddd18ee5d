/** Which names a topic may have (Topic.validate): letters, digits, `.`, `_` and `-`, at most 249 of them. */

const ALLOWED = /^[a-zA-Z0-9._-]{1,249}$/;

/** Why not, or null. */
export function invalidTopicName(name: string): string | null {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.' || name === '..') return "'.' and '..' are not allowed";
  if (name.length > 249) return `${name} is longer than 249 characters`;
  return ALLOWED.test(name) ? null : `${name} has characters other than letters, digits, '.', '_' and '-'`;
}

/** The topic whose name becomes the same metric name, where `.` and `_` are one. */
export function collidingTopic(topics: Iterable<string>, name: string): string | undefined {
  if (!/[._]/.test(name)) return undefined;
  const plain = name.replaceAll('.', '_');
  for (const other of topics) {
    if (other !== name && other.replaceAll('.', '_') === plain) return other;
  }
  return undefined;
}
