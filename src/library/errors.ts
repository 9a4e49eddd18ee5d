import { AssertionError } from 'node:assert';

/** A line that could not be run, or a verb that failed. */
export class ClusterCommandError extends Error {
  readonly line: string;

  constructor(line: string, message: string) {
    super(`${line}: ${message}`);
    this.name = 'ClusterCommandError';
    this.line = line;
  }
}

/** Options that say no cluster; nothing was started. */
export class ClusterOptionsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ClusterOptionsError';
  }
}

export interface Disappointment {
  readonly expression: string;
  readonly observed: string;
  readonly expected: string;
  /** Why what the expression speaks of was as it was: the lines of `why` for each of its values. */
  readonly causes: readonly string[];
  readonly mode: string;
  readonly seed: number;
}

/** Something that should have come true did not. */
export class ClusterAssertionError extends AssertionError {
  readonly observed: string;
  readonly causes: readonly string[];
  readonly seed: number;

  constructor({ expression, observed, expected, causes, mode, seed }: Disappointment) {
    const told = causes.map((cause) => `\n  ${cause}`).join('');
    super({
      message: `expected ${expression}\n  observed ${observed}, expected ${expected} (${mode} mode, seed ${seed})${told}`,
      actual: observed,
      expected,
      operator: 'expect',
    });
    this.name = 'ClusterAssertionError';
    this.observed = observed;
    this.causes = causes;
    this.seed = seed;
  }
}
