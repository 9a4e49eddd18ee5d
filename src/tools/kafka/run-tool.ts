/** Runs a line that begins with a tool's name. */
import { nearest } from '../../config/nearest.ts';
import { adminConfig } from '../../config/resources.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { Reply, Session } from '../session.ts';
import { splitPipes } from '../words.ts';
import { readArguments } from './arguments.ts';
import { PlainError, type ToolError, UsageError } from './failure.ts';
import { readGetopt } from './getopt.ts';
import { guessOf } from './guess.ts';
import { TOOLS, toolCalled, toolNamed } from './index.ts';
import { runSteps, type Steps } from './steps.ts';
import { type Tool, type ToolCall, toolHelp } from './tool.ts';

/** A process takes its time to start; what the line before has changed is known to every broker by then. */
const START_US = 100_000;

/** Runs the line if its first word is a tool's, with the lines that are fed to it; undefined, and nothing happens, if not. Returns the giving up. */
export function kafkaTool(
  session: Session,
  line: string,
  fed: readonly string[] | undefined,
  done: (reply: Reply) => void,
): (() => void) | undefined {
  const first = line.split(/\s/, 1)[0]!;
  const piped = /^(echo|printf|cat)(\s|$)/.test(line);
  const name = toolCalled(first);
  if (name === undefined && !piped) return undefined;
  const pieces = splitPipes(line);
  if (pieces === undefined) return refused(done, 'a quote is not closed');
  const [words, input] = piped ? pipedWords(pieces, fed) : [pieces[0]!.words, fed];
  const called = toolCalled(words[0] ?? '');
  if (called === undefined) return undefined;
  if (!piped && pieces.length > 1) return refused(done, `behind a tool only grep, head, tail, wc and json can stand`);
  const tool = toolNamed(called);
  if (tool === undefined) return refused(done, `there is no tool ${called} here${otherTool(called)}`);
  if ((words.length === 1 && tool.options.length > 0 && tool.bare !== true) || words.includes('--help')) {
    done({ ok: words.includes('--help'), lines: toolHelp(tool) });
    return nothing;
  }
  session.begin(line);
  return begin(session, tool, words.slice(1), input, done);
}

function otherTool(called: string): string {
  const names = TOOLS.map(({ name }) => name);
  return didYouMean(nearest(called, names)) || `; these are: ${names.join(', ')}`;
}

function nothing(): void {}

function pipedWords(pieces: NonNullable<ReturnType<typeof splitPipes>>, fed: readonly string[] | undefined) {
  const [source, target] = pieces;
  const [first, ...said] = source!.words;
  if (first === 'cat') return [target?.words ?? [], fed] as const;
  const escaped = said[0] === '-e' ? said.slice(1).join(' ') : said.join(' ');
  // What ends with a line end has no line behind it; echo adds one of its own.
  const text = first === 'printf' ? escaped.replace(/(\\n|\n)$/, '') : escaped;
  return [target?.words ?? [], text.split(/\\n|\n/)] as const;
}

function refused(done: (reply: Reply) => void, why: string): () => void {
  done({ ok: false, lines: [why] });
  return nothing;
}

function begin(
  { cluster }: Session,
  tool: Tool,
  words: readonly string[],
  input: readonly string[] | undefined,
  done: (reply: Reply) => void,
): () => void {
  const lines: string[] = [];
  /** Undefined: it has said nothing but its lines. */
  let data: unknown[] | undefined;
  let ok = true;
  let over = false;
  const { environment } = cluster.clients;
  const config = adminConfig({ 'client.id': 'operator' }, { version: environment.release, timers: 'real' });
  const admin = cluster.operator.openAdmin(environment, config);
  const end = (): void => {
    if (over) return;
    over = true;
    admin.close();
    const guess =
      ok || lines.some((line) => line.includes('did you mean')) ? undefined : guessOf(tool, words, cluster.catalog);
    if (guess !== undefined) lines.push(guess);
    done({ ok, lines, ...(data === undefined || (!ok && data.length === 0) ? {} : { data }) });
  };
  const failed = (error: ToolError): void => {
    ok = false;
    lines.push(...messageOf(tool, error));
    end();
  };
  const asked = steps(tool, words, {
    tool,
    cluster,
    admin,
    words,
    older: environment.release === '3.9',
    input,
    print: (...more) => void lines.push(...more.flatMap((text) => text.split('\n'))),
    data: (...items) => {
      data ??= [];
      data.push(...items);
    },
    spoil: () => {
      ok = false;
    },
  });
  runSteps(asked, end, failed);
  return () => {
    if (over) return;
    over = true;
    asked.return();
    admin.close();
  };
}

function* steps(tool: Tool, words: readonly string[], call: Omit<ToolCall, 'args'>): Steps<void> {
  const args = tool.letters === true ? readGetopt(words, tool) : readArguments(words, tool);
  const { world } = call.cluster;
  yield (resume) => void world.at(world.nowUs + START_US, resume, undefined);
  yield* tool.run({ ...call, args });
}

function messageOf(tool: Tool, error: ToolError): readonly string[] {
  const hint = `\`${tool.name} --help\` lists what it takes`;
  const { parser, failing = '' } = tool;
  const prefix = parser !== undefined ? `${parser}: error: ` : tool.failingUsage === true ? failing : '';
  if (error instanceof UsageError) return [...`${prefix}${error.message}`.split('\n'), hint];
  return `${error instanceof PlainError ? '' : failing}${error.message}`.split('\n');
}
