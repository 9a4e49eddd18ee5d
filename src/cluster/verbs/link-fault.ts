/** What the verbs over the network share: rules over the links between sets of nodes. */
import type { LinkEffect, LinkRule } from '../../kernel/api.ts';
import type { Cluster } from '../cluster.ts';
import type { FaultEffect, Target, VerbRun } from './verb.ts';

/** Ordered pairs of nodes that a rule concerns. */
export type Links = (from: string, to: string) => boolean;

/** Installs one rule for these links; the effect undoes it and counts what met it. */
export function linkFault(
  cluster: Cluster,
  name: string,
  links: Links,
  effect: LinkEffect,
  nodes: readonly string[],
): FaultEffect {
  const rule: LinkRule = { name, nodes, matches: links, effect };
  const handle = cluster.world.network.install(rule);
  return { name, nodes, healable: true, hits: () => handle.hits, undo: () => handle.remove() };
}

/** Both ways between two sets, or one way. */
export function between(a: readonly string[], b: readonly string[]): Links {
  const inA = new Set(a);
  const inB = new Set(b);
  return (from, to) => (inA.has(from) && inB.has(to)) || (inB.has(from) && inA.has(to));
}

export function oneWay(a: readonly string[], b: readonly string[]): Links {
  const inA = new Set(a);
  const inB = new Set(b);
  return (from, to) => inA.has(from) && inB.has(to);
}

/** `{ between: [A, B] }` or `{ from: A, to: B }`. */
export interface LinkArguments {
  readonly between?: readonly [Target, Target] | undefined;
  readonly from?: Target | undefined;
  readonly to?: Target | undefined;
}

/** Says what is wrong with the shape; undefined if it is right. */
export function linkProblem({ between: both, from, to }: LinkArguments): string | undefined {
  if (both !== undefined)
    return from === undefined && to === undefined ? undefined : '"between" stands alone, without "from" and "to"';
  return from !== undefined && to !== undefined
    ? undefined
    : 'say { between: [A, B] } for both ways, or { from: A, to: B } for one';
}

/** Resolves the two sides of a link (a node that is stopped counts too: the link is what breaks). */
export function withLinks(
  run: VerbRun,
  args: LinkArguments,
  then: (links: Links, nodes: readonly string[]) => void,
): void {
  const [a, b] = args.between ?? [args.from!, args.to!];
  const anyNode = () => true;
  run.targets(
    a,
    (sideA) =>
      run.targets(
        b,
        (sideB) =>
          then(args.between ? between(sideA, sideB) : oneWay(sideA, sideB), [...new Set([...sideA, ...sideB])]),
        anyNode,
      ),
    anyNode,
  );
}
