import { ListenError } from '../../gateway/broker-port.ts';
import { ControlServer } from '../../gateway/control/server.ts';
import { JournalFileError } from '../../gateway/journal-file.ts';
import { type LiveCluster, startLiveCluster } from '../../gateway/live-cluster.ts';
import type { TraceEvent } from '../../kernel/api.ts';
import { eventObject } from '../../tools/event-object.ts';
import { noticeObject } from '../../tools/notices.ts';
import { readClusterOptions } from '../cluster-options.ts';
import { CouldNotRun } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { eventLine, seconds } from '../lines.ts';
import { liveCompleter } from '../repl/live-completer.ts';
import { onOutputClosed } from '../terminal/broken-output.ts';
import { onInterrupt } from '../terminal/endings.ts';
import { type Output, openOutput } from '../terminal/output.ts';
import { VERSION } from '../version.ts';
import { controlTarget } from './control-target.ts';
import { certificateFor, listenersOf } from './security.ts';

type Options = Readonly<Record<string, unknown>>;

/** Starts a cluster and keeps it running until `--for` is over, or somebody ends it. */
export async function runUp(options: Options): Promise<ExitCode> {
  const output = openOutput(options);
  // Only when the cluster is ready does it show when time 0 was.
  const early: TraceEvent[] = [];
  let collect: (() => void) | undefined;
  const live = await start(options, output, (cluster) => {
    collect ??= cluster.trace.subscribe('all', (event) => void early.push(event));
  });
  collect?.();
  const untilUs = options.for as number | undefined;
  let asked = false;
  const over = (): boolean => asked || (untilUs !== undefined && live.cluster.timeUs >= untilUs);
  try {
    const control = await openControl(live, options, () => {
      asked = true;
      live.pace.wake();
    });
    try {
      if (output.interactive) return await dashboard(live, output, over);
      return await lines(live, options, output, early, over);
    } finally {
      control.close();
    }
  } finally {
    await live.close();
  }
}

async function openControl(live: LiveCluster, options: Options, end: () => void): Promise<ControlServer> {
  try {
    return await ControlServer.open(options.name as string | undefined, controlTarget(live, end));
  } catch (thrown) {
    throw new CouldNotRun(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

async function start(
  options: Options,
  output: Output,
  prepare: (cluster: LiveCluster['cluster']) => void,
): Promise<LiveCluster> {
  const cluster = await readClusterOptions(options);
  const listeners = listenersOf(options);
  const secure = await certificateFor(listeners, options);
  if (secure !== undefined) output.note(`certificate to trust: ${secure.path}`);
  try {
    return await startLiveCluster({
      cluster,
      listeners,
      certificate: secure?.certificate,
      speed: options.speed as number,
      prepare,
      ...(options.record !== undefined && { record: { path: options.record as string, kzsim: VERSION } }),
      onTrouble: (message) => output.note(message),
    });
  } catch (thrown) {
    if (thrown instanceof ListenError) throw new CouldNotRun(whyNot(thrown));
    if (thrown instanceof JournalFileError) throw new CouldNotRun(`--record ${thrown.message}; choose another file`);
    throw thrown;
  }
}

function whyNot({ host, port, code }: ListenError): string {
  const elsewhere = '--listen 127.0.0.1:0 takes ports that are free, --no-listen none';
  if (code === 'EADDRINUSE')
    return `port ${port} of ${host} is in use, perhaps by another kzsim or a Kafka broker: end that, or choose another with --listen; ${elsewhere}`;
  if (code === 'EACCES') return `${host}:${port} may not be listened to by you: choose a port from 1024 with --listen`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `--listen: this machine has no address ${host}; ${elsewhere}`;
  return `${host}:${port} cannot be listened to (${code}): choose another address with --listen; ${elsewhere}`;
}

async function dashboard(live: LiveCluster, output: Output, over: () => boolean): Promise<ExitCode> {
  const { show } = await import('../dashboard/show.tsx');
  const { cluster, bootstrapServers } = live;
  live.pace.longestSleepMs = PICTURE_SLEEP_MS;
  return show({
    cluster,
    checker: live.session.checker,
    history: live.session.history,
    author: live.session.author,
    onReplaced: (listener) =>
      live.onReplaced((next) =>
        listener({ cluster: next, checker: live.session.checker, history: live.session.history }),
      ),
    title: `kzsim ${cluster.mode}, seed ${cluster.world.seed}`,
    place: () => live.place,
    bootstrapServers,
    run: undefined,
    drive: (hooks) => live.follow(hooks),
    onNotice: (listener) => live.session.notices.listen(listener),
    complete: liveCompleter(live),
    execute: (line, done) => void live.execute(line).then(done),
    draw: (wanted, done) => live.draw(wanted, done),
    over,
    colour: output.paints.on,
  });
}

/** The dashboard looks this often at the cluster. */
const PICTURE_SLEEP_MS = 40;

/** Without a terminal: one line an event, as it happens. */
function lines(
  live: LiveCluster,
  options: Options,
  output: Output,
  early: readonly TraceEvent[],
  over: () => boolean,
): Promise<ExitCode> {
  const { cluster, bootstrapServers, timeline } = live;
  const json = options.json === true;
  const print = (event: TraceEvent): void => {
    if (event.kind.level !== 'notable' || output.quiet) return;
    const zeroUs = live.cluster.zeroUs ?? 0;
    output.line(json ? JSON.stringify(eventObject(event, zeroUs)) : eventLine(event, zeroUs, output.paints));
  };
  for (const event of early) print(event);
  live.onEvent(print);
  live.session.notices.listen((notice) => {
    if (json) output.line(JSON.stringify(noticeObject(notice, live.cluster.zeroUs ?? 0)));
    else for (const text of notice.lines) output.line(text);
  });
  live.onReplaced(({ timeUs }) => output.note(`time is ${seconds(timeUs)} now, on ${timeline.branch.name}`));
  const brokers = cluster.options.brokers.length;
  output.note(
    `ready after ${seconds(cluster.world.nowUs)} of virtual time: ${brokers} ${brokers === 1 ? 'broker' : 'brokers'}, ` +
      `${cluster.mode} mode, seed ${cluster.world.seed}`,
  );
  if (bootstrapServers.length > 0) output.note(`bootstrap servers: ${bootstrapServers.join(',')}`);
  return new Promise((resolve, reject) => {
    const interrupted = (): void => end(() => resolve(EXIT.interrupted));
    const end = (finish: () => void): void => {
      following.stop();
      stopListening();
      stopWatching();
      finish();
    };
    const following = live.follow({
      finished: over,
      onSlice() {},
      onEnd: () => end(() => resolve(EXIT.passed)),
      onFailure: (thrown) => end(() => reject(thrown)),
    });
    const stopListening = onInterrupt(interrupted);
    // Nobody reads any more what happens.
    const stopWatching = onOutputClosed(() => end(() => resolve(EXIT.passed)));
  });
}
