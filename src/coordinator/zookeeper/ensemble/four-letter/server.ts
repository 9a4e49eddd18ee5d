/** srvr, ruok, isro, gtmk, envi, conf, dirs: the server itself. */
import { CONFIG_PATH } from '../data-tree.ts';
import { VERSION } from '../version.ts';
import { formatZxid } from '../zxid.ts';
import { type FourLetterWord, type ServerView, text } from './view.ts';

export const VERSION_LINE = `Zookeeper version: ${VERSION}`;

/** Up to four decimals, and one at least: `0.0`, `1.2845`. */
export function average(value: number): string {
  const rounded = String(Math.round(value * 10_000) / 10_000);
  return rounded.includes('.') ? rounded : `${rounded}.0`;
}

/** What `srvr` and `stat` share. The connection that asks counts, too. */
export function serverLines(view: ServerView): readonly string[] {
  const { traffic, connections, tree, leading, txnSizes } = view;
  const { last, least, most } = txnSizes;
  return [
    `Latency min/avg/max: ${traffic.latencyMinMs}/${average(traffic.latencyAverageMs)}/${traffic.latencyMaxMs}`,
    `Received: ${traffic.received}`,
    `Sent: ${traffic.sent}`,
    `Connections: ${connections.length + 1}`,
    `Outstanding: ${outstandingOf(view)}`,
    `Zxid: ${formatZxid(tree.lastZxid)}`,
    `Mode: ${leading === null ? 'follower' : 'leader'}`,
    `Node count: ${nodeCountOf(view)}`,
    ...(leading === null ? [] : [`Proposal sizes last/min/max: ${last}/${least}/${most}`]),
  ];
}

/** A real tree holds its root twice. */
export const nodeCountOf = ({ tree }: ServerView): number => tree.nodeCount + 1;

export const outstandingOf = ({ connections }: ServerView): number =>
  connections.reduce((sum, { queue }) => sum + queue.length, 0);

export const srvr: FourLetterWord = {
  name: 'srvr',
  about: 'the server: its latencies, its zxid, whether it leads',
  answer: (view) => text(VERSION_LINE, ...serverLines(view)),
};

export const ruok: FourLetterWord = {
  name: 'ruok',
  about: 'whether its process runs: imok, even where it serves nobody',
  notServing: 'imok',
  answer: () => 'imok',
};

export const isro: FourLetterWord = {
  name: 'isro',
  about: 'whether it only reads: rw, or null where it serves nobody',
  notServing: 'null',
  answer: () => 'rw',
};

export const gtmk: FourLetterWord = {
  name: 'gtmk',
  about: 'what its log tells, as bits',
  notServing: '306',
  answer: () => '306',
};

/** There is no machine below: what would tell of one is left open. */
const ABSENT = '<NA>';

export const envi: FourLetterWord = {
  name: 'envi',
  about: 'its version, and what it runs on',
  answer: ({ node }) =>
    text(
      'Environment:',
      `zookeeper.version=${VERSION}`,
      `host.name=${node}`,
      ...['java.version', 'java.vendor', 'java.home', 'java.class.path', 'java.library.path', 'java.io.tmpdir'].map(
        (key) => `${key}=${ABSENT}`,
      ),
      ...['java.compiler', 'os.name', 'os.arch', 'os.version', 'user.name', 'user.home', 'user.dir'].map(
        (key) => `${key}=${ABSENT}`,
      ),
      ...['os.memory.free', 'os.memory.max', 'os.memory.total'].map((key) => `${key}=${ABSENT}`),
    ),
};

const DATA_FOLDER = '/data/version-2';

export const conf: FourLetterWord = {
  name: 'conf',
  about: 'its settings',
  answer(view) {
    const { sid, tickTimeMs, initLimit, syncLimit, tree, bytesOnDisk } = view;
    const bytes = bytesOnDisk.snapshots + bytesOnDisk.logs;
    const members = new TextDecoder().decode(tree.get(CONFIG_PATH)?.data ?? new Uint8Array(0));
    return `${text(
      'clientPort=2181',
      'secureClientPort=-1',
      `dataDir=${DATA_FOLDER}`,
      `dataDirSize=${bytes}`,
      `dataLogDir=${DATA_FOLDER}`,
      `dataLogSize=${bytes}`,
      `tickTime=${tickTimeMs}`,
      'maxClientCnxns=0',
      `minSessionTimeout=${2 * tickTimeMs}`,
      `maxSessionTimeout=${20 * tickTimeMs}`,
      'clientPortListenBacklog=-1',
      `serverId=${sid}`,
      `initLimit=${initLimit}`,
      `syncLimit=${syncLimit}`,
      'electionAlg=3',
      'electionPort=3888',
      'quorumPort=2888',
      'peerType=0',
      'membership: ',
    )}${members}`;
  },
};

export const dirs: FourLetterWord = {
  name: 'dirs',
  about: 'bytes of its files',
  answer({ bytesOnDisk: { snapshots, logs } }) {
    const bytes = snapshots + logs;
    return text(`datadir_size: ${bytes}`, `logdir_size: ${bytes}`);
  },
};
