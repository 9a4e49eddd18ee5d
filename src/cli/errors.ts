/** The command line or a file is not what it must be: what is wrong, where, and what to do. Ends with exit 2, without a stack trace. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Everything asked for was valid, and still it could not be done. Ends with exit 3. */
export class CouldNotRun extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CouldNotRun';
  }
}
