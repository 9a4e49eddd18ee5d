/**
 * Bytes that are not the message they claim to be. Thrown by every decoder; the layer that owns the connection
 * catches it and closes the connection, as Kafka does with a request that it cannot parse.
 */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
  /** `too-large`: it may be well formed, but takes more memory than one message may. */
  readonly problem: 'malformed' | 'too-large';

  constructor(message: string, problem: 'malformed' | 'too-large' = 'malformed') {
    super(message);
    this.problem = problem;
  }
}

/**
 * A value that a version of a message cannot carry: a field that this version lacks and that may not be dropped,
 * a null where none is allowed, a number out of range. Kafka's UnsupportedVersionException on the writing side.
 */
export class UnwritableValue extends Error {
  override readonly name = 'UnwritableValue';
}
