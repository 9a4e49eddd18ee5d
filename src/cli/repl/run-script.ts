import process from 'node:process';
import { createInterface } from 'node:readline';
import { LineReader } from '../../tools/heredoc.ts';
import { noticeObject } from '../../tools/notices.ts';
import { replyObject } from '../../tools/reply-object.ts';
import type { Reply } from '../../tools/session.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../terminal/output.ts';
import type { ScriptHost } from './script-host.ts';

export interface ScriptOptions {
  /** Goes on after a line that failed. */
  readonly keepGoing: boolean;
  /** One object a reply, also of a line that failed, on standard output. */
  readonly json: boolean;
}

/** From a pipe: time passes only inside lines that wait, so that a script does the same each time. */
export async function runScript(host: ScriptHost, options: ScriptOptions, output: Output): Promise<ExitCode> {
  const script = new Script(host, options, output);
  for await (const line of createInterface({ input: process.stdin })) if (!script.take(line)) break;
  return script.end();
}

class Script {
  readonly #host: ScriptHost;
  readonly #options: ScriptOptions;
  readonly #output: Output;
  readonly #reader = new LineReader();
  #number = 0;
  /** Where the text began that is being read. */
  #from = 0;
  #failed = false;

  constructor(host: ScriptHost, options: ScriptOptions, output: Output) {
    this.#host = host;
    this.#options = options;
    this.#output = output;
    host.timeline.session.notices.listen((notice) => {
      if (options.json) output.line(JSON.stringify(noticeObject(notice, host.timeline.cluster.zeroUs ?? 0)));
      else for (const text of notice.lines) output.line(text);
    });
  }

  /** False: nothing more is to be read. */
  take(line: string): boolean {
    this.#number += 1;
    if (this.#reader.feeding === undefined) this.#from = this.#number;
    const whole = this.#reader.add(line);
    return whole === undefined || this.#run(whole);
  }

  end(): ExitCode {
    const unended = this.#reader.end();
    if (unended !== undefined) this.#run(unended);
    return this.#failed ? EXIT.failed : EXIT.passed;
  }

  #run(text: string): boolean {
    const reply = this.#host.finish(text);
    this.#tell(text, reply);
    if (!reply.ok) this.#failed = true;
    return reply.exit !== true && (reply.ok || this.#options.keepGoing);
  }

  #tell(text: string, reply: Reply): void {
    if (this.#options.json) {
      // Blank lines and comments say nothing.
      if (/^\s*(#|$)/.test(text)) return;
      const object = replyObject(text, reply, this.#host.timeline.cluster.timeUs);
      this.#output.line(JSON.stringify({ line: this.#from, ...object }));
      return;
    }
    for (const line of reply.lines) {
      if (reply.ok) this.#output.line(line);
      else this.#output.error(`line ${this.#from}: ${line}`);
    }
  }
}
