/** All that is wrong with an expression, not the first thing alone. */
import { ExpressionError, type Node } from '../cluster/expression/ast.ts';
import type { Resolver } from '../cluster/expression/compile.ts';
import { parseExpression } from '../cluster/expression/parser.ts';

/** `compile` throws `ExpressionError` for a node that means nothing to a resolver; one resolver for each mode. */
export function expressionMistakes(
  text: string,
  resolvers: readonly Resolver[],
  compile: (node: Node, resolver: Resolver) => unknown,
): readonly ExpressionError[] {
  const { root, mistake } = readable(text);
  const mistakes =
    root === undefined
      ? []
      : conditions(root).flatMap((part) => {
          const found = firstMistake(() => {
            for (const resolver of resolvers) compile(part, resolver);
          });
          return found ?? [];
        });
  return mistake === undefined ? mistakes : [...mistakes, mistake];
}

function firstMistake(attempt: () => void): ExpressionError | undefined {
  try {
    attempt();
  } catch (thrown) {
    if (thrown instanceof ExpressionError) return thrown;
    throw thrown;
  }
  return undefined;
}

/** What can be read of an expression; where its window cannot, at least what stands before it. */
function readable(text: string): { readonly root?: Node; readonly mistake?: ExpressionError } {
  let root: Node | undefined;
  const mistake = firstMistake(() => {
    root = parseExpression(text).root;
  });
  if (mistake === undefined) return { root: root! };
  const window = text.search(/\s(within|for)\s/);
  if (window < 0 || mistake.span.start < window) return { mistake };
  const { root: before } = readable(text.slice(0, window));
  return before === undefined ? { mistake } : { root: before, mistake };
}

/** The conditions that `and`, `or` and `not` join: each may be wrong in its own way. */
function conditions(root: Node): readonly Node[] {
  if (root.kind === 'logic') return [...conditions(root.left), ...conditions(root.right)];
  return root.kind === 'not' ? conditions(root.operand) : [root];
}
