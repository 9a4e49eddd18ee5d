/** The clients of other languages, in the versions that are tested. Versions are pinned: a result is of one version. */
import type { Mode } from '../../src/cluster/options.ts';
import type { PeerDriver } from '../clients/driver.ts';
import { goPeer, javaPeer, kcat, pythonPeer } from './install.ts';
import { kcatDriver } from './kcat-driver.ts';
import { lineDriver, type PeerCommand } from './line-driver.ts';

export interface Peer {
  readonly name: string;
  readonly modes: readonly Mode[];
  /** Brings the client here, and gives what makes a driver of it. Throws `InstallError`. */
  install(): (bootstrapServers: readonly string[]) => PeerDriver;
}

const BOTH: readonly Mode[] = ['kraft', 'zookeeper'];
/** The setting of the newer protocol of groups (KIP-848), which only KRaft clusters offer. */
const NEWER_GROUPS = 'group.protocol=consumer';

function linePeer(name: string, install: (bootstrap: string) => PeerCommand, modes = BOTH): Peer {
  return {
    name,
    modes,
    install() {
      install('');
      return (bootstrapServers) => lineDriver(name, install(bootstrapServers.join(',')));
    },
  };
}

export const JAVA_VERSIONS = ['3.9.1', '4.2.1'] as const;

export const PEERS: readonly Peer[] = [
  {
    name: 'kcat',
    modes: BOTH,
    install() {
      const command = kcat();
      return (bootstrapServers) => kcatDriver(command, bootstrapServers);
    },
  },
  linePeer('confluent-kafka 2.16.1 (librdkafka)', (bootstrap) =>
    pythonPeer('confluent-2.16.1', ['confluent-kafka==2.16.1'], 'confluent_peer.py', [bootstrap]),
  ),
  ...JAVA_VERSIONS.map((version) => linePeer(`Java client ${version}`, (bootstrap) => javaPeer(version, [bootstrap]))),
  linePeer(
    `confluent-kafka 2.16.1, ${NEWER_GROUPS}`,
    (bootstrap) =>
      pythonPeer('confluent-2.16.1', ['confluent-kafka==2.16.1'], 'confluent_peer.py', [bootstrap, NEWER_GROUPS]),
    ['kraft'],
  ),
  linePeer(`Java client 4.2.1, ${NEWER_GROUPS}`, (bootstrap) => javaPeer('4.2.1', [bootstrap, NEWER_GROUPS]), [
    'kraft',
  ]),
  linePeer('franz-go 1.22.3', (bootstrap) => goPeer([bootstrap])),
  linePeer('kafka-python 3.0.12', (bootstrap) =>
    pythonPeer(
      'kafka-python-3.0.12',
      ['kafka-python==3.0.12', 'lz4==4.4.5', 'python-snappy==0.7.3', 'zstandard==0.25.0'],
      'kafka_python_peer.py',
      [bootstrap],
    ),
  ),
];
