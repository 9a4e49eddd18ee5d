import { z } from 'zod';
import * as argument from './arguments.ts';
import type { FaultEffect, Verb, VerbExample, VerbRun } from './verb.ts';

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
          const changed = nodes.filter((node) => act(run, node));
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
