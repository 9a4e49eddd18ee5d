import { z } from 'zod';
import { OUTSIDE_NODE } from '../outside.ts';
import * as argument from './arguments.ts';
import type { FaultEffect, Verb, VerbExample, VerbRun } from './verb.ts';

/** `clients` may mean it beside others, which are meant then. */
const NO_PROCESS =
  "outside stands for real clients, whose processes are not kzsim's: end or stop them yourself, or part them from brokers by partition, cut or reset";

const args = z.strictObject({ target: argument.target() });

/** What the verbs over processes share: they take a target and do one thing to each node of it. */
export function processVerb(description: {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly examples: readonly VerbExample[];
  readonly fault: boolean;
  /** Nodes it may mean. */
  readonly accept?: (run: VerbRun, node: string) => boolean;
  /** True if the node changed its state. */
  readonly act: (run: VerbRun, node: string) => boolean;
  /** For faults: what ends it at one node. */
  readonly undo?: (run: VerbRun, node: string) => void;
  readonly unchanged: string;
}): Verb<typeof args> {
  const { accept, act, undo, unchanged, ...rest } = description;
  return {
    ...rest,
    family: 'processes',
    subject: 'target',
    args,
    apply(run, { target }) {
      run.targets(
        target,
        (nodes) => {
          if (nodes.includes(OUTSIDE_NODE) && nodes.length === 1) return run.fail(NO_PROCESS);
          const changed = nodes.filter((node) => node !== OUTSIDE_NODE && act(run, node));
          if (changed.length === 0) return run.noEffect(nodes, unchanged);
          const effect: FaultEffect | undefined = undo && {
            name: rest.name,
            nodes: changed,
            healable: false,
            undo: () => {
              for (const node of changed) undo(run, node);
            },
          };
          run.done({ resolved: nodes, ...(effect && { effect }) });
        },
        accept && ((node) => accept(run, node)),
      );
    },
  };
}
