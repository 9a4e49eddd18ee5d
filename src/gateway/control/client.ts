import { createInterface } from 'node:readline';
import type { ControlAnswer, ControlRequest } from './messages.ts';
import { connectTo, runningNames } from './sockets.ts';

/** Nobody can be asked: why, and what to do. */
export class NoCluster extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoCluster';
  }
}

/** The cluster that is meant: the named one, or the only one that runs. Rejects with `NoCluster`. */
export async function chooseCluster(wanted: string | undefined): Promise<string> {
  if (wanted !== undefined) return wanted;
  const running = await runningNames();
  if (running.length === 1) return running[0]!;
  if (running.length === 0) throw new NoCluster('no cluster runs; start one with `kzsim up --wait`');
  throw new NoCluster(`several clusters run: say which with --name ${running.join(' or --name ')}`);
}

/** Asks a cluster. Rejects with `NoCluster` where it does not answer. */
export async function ask(name: string, request: ControlRequest): Promise<ControlAnswer> {
  const socket = await connectTo(name);
  if (socket === undefined) {
    const running = await runningNames();
    const others = running.length === 0 ? 'none does' : `those that do: ${running.join(', ')}`;
    throw new NoCluster(`no cluster named ${name} runs; ${others}`);
  }
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: socket });
    lines.once('line', (text) => {
      resolve(JSON.parse(text) as ControlAnswer);
      socket.end();
    });
    const ended = (): void => reject(new NoCluster(`the cluster ${name} ended before it answered`));
    socket.once('error', ended);
    lines.once('close', ended);
    socket.write(`${JSON.stringify(request)}\n`);
  });
}
