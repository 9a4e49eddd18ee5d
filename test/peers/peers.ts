/** The clients of other languages, in the versions that are tested. Versions are pinned: a result is of one version. */
import type { PeerDriver } from '../clients/driver.ts';
import { goPeer, javaPeer, kcat, pythonPeer } from './install.ts';
import { kcatDriver } from './kcat-driver.ts';
import { lineDriver, type PeerCommand } from './line-driver.ts';

export interface Peer {
  readonly name: string;
  /** Brings the client here, and gives what makes a driver of it. Throws `InstallError`. */
  install(): (bootstrapServers: readonly string[]) => PeerDriver;
}

function linePeer(name: string, install: (bootstrap: string) => PeerCommand): Peer {
  return {
    name,
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
    install() {
      const command = kcat();
      return (bootstrapServers) => kcatDriver(command, bootstrapServers);
    },
  },
  linePeer('confluent-kafka 2.16.1 (librdkafka)', (bootstrap) =>
    pythonPeer('confluent-2.16.1', ['confluent-kafka==2.16.1'], 'confluent_peer.py', [bootstrap]),
  ),
  ...JAVA_VERSIONS.map((version) => linePeer(`Java client ${version}`, (bootstrap) => javaPeer(version, [bootstrap]))),
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
