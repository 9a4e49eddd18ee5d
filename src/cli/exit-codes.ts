/** What the process says when it ends; scripts branch on these (README, "Exit codes"). */
export const EXIT = {
  passed: 0,
  /** An expectation or an invariant failed, or a line of a script did. */
  failed: 1,
  /** The command or a file is not valid; nothing ran. */
  invalid: 2,
  /** It was valid and could not run: a disk error, an internal error. */
  couldNotRun: 3,
  /** Timed out, or passed in vain. */
  inconclusive: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Of several runs the gravest counts: what could not run, then what failed, then what proved nothing. */
const GRAVITY: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.invalid,
  EXIT.couldNotRun,
  EXIT.failed,
  EXIT.inconclusive,
  EXIT.passed,
];

export function gravest(codes: readonly ExitCode[]): ExitCode {
  return GRAVITY.find((code) => codes.includes(code)) ?? EXIT.passed;
}
