/**
 * What a tool of Kafka's is here. One file a tool in this folder and one line in `index.ts`: help, completion and the page in `docs/` come
 * from it. It asks brokers through the operator's node, as the real one asks them from its process, and prints what that prints.
 */
import type { AdminClient } from '../../client/admin/admin-client.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Arguments } from './arguments.ts';
import type { Steps } from './steps.ts';

/** What is in a file that stands behind an option. */
export type FileKind = 'json' | 'properties' | 'lines';

export interface ToolOption {
  /** Without dashes. */
  readonly name: string;
  /** What stands behind it; left out: nothing does. */
  readonly value?: string;
  /** It is a file: the host reads it, and writes its content into the line. */
  readonly file?: FileKind;
  /** It may be left out. */
  readonly optional?: true;
  /** All that stands behind it, up to the next option. */
  readonly many?: true;
  /** What could stand there, for completion. */
  readonly completes?: 'topic' | 'group' | 'broker' | readonly string[];
  readonly about: string;
}

export interface Tool {
  /** As its script is called, without `.sh`. */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly ToolOption[];
  /** Words that may stand before the options. */
  readonly commands?: readonly string[];
  readonly examples: readonly string[];
  /** What differs from the real one. */
  readonly differs?: string;
  /** It reads lines until their end: piped, behind `<<EOF`, or as they are typed. */
  readonly reads?: true;
  /** Options of the real one that are not taken, and why. */
  readonly refuses?: Readonly<Record<string, string>>;
  /** It takes lines from `< FILE`. */
  readonly feeds?: true;
  /** It does something without any option. */
  readonly bare?: true;
  /** Its options are letters, and read as getopt reads them. */
  readonly letters?: true;
  /** It reads its line with argparse4j, and calls itself so in the errors of that. */
  readonly parser?: string;
  /** Put before the message of an error: `Error while executing topic command : `. */
  readonly failing?: string;
  /** The same stands before the message of a mistake in the line. */
  readonly failingUsage?: true;
  /** Throws `ToolError` for what the real one would end with an error for. */
  run(call: ToolCall): Steps<void>;
}

/** One line at work. */
export interface ToolCall {
  readonly tool: Tool;
  readonly cluster: Cluster;
  readonly admin: AdminClient;
  readonly args: Arguments;
  /** The tools are those of the brokers' release: of 3.9, and not of 4.2 as otherwise. */
  readonly older: boolean;
  /** The words of the line, behind the tool's name. */
  readonly words: readonly string[];
  /** Lines that were piped in; undefined: none were. */
  readonly input: readonly string[] | undefined;
  print(...lines: readonly string[]): void;
  /** What `-o json` shows in place of the lines, item by item. */
  data(...items: readonly unknown[]): void;
  /** It goes on to its end, but has not done all that was asked. */
  spoil(): void;
}

/** `--topic NAME`, `-L`. */
export function writtenOption({ name, value }: Pick<ToolOption, 'name' | 'value'>): string {
  return `${name.length === 1 ? '-' : '--'}${name}${value === undefined ? '' : ` ${value}`}`;
}

/** What `help` shows of it. */
export function toolHelp(tool: Tool): readonly string[] {
  const { name, summary, options, examples, differs } = tool;
  return [
    `${name}: ${summary}`,
    ...(differs === undefined ? [] : [differs]),
    ...options.map((option) => {
      return `  ${writtenOption(option).padEnd(40)} ${option.about}`.trimEnd();
    }),
    ...examples.map((example) => `  ${example}`),
  ];
}
