import { Option } from 'commander';
import { declareClusterOptions } from '../cluster-options.ts';
import type { CliCommand } from '../command.ts';
import { nameOption } from '../control/name-option.ts';
import { address, durationUs, memory, repeated, speed } from '../parse.ts';
import { listener } from '../up/listener-option.ts';

export const up: CliCommand = {
  name: 'up',
  summary: 'start a cluster and keep it running',
  examples: [
    ['kzsim up', 'three brokers and the dashboard; type `kill broker-1` at its prompt'],
    ['kzsim up --mode zookeeper --topic orders:6', 'coordinated by ZooKeeper, with a topic of six partitions'],
    ['kzsim up --listen 127.0.0.1:0', 'on ports that are free; it prints which'],
    ['kzsim up --wait', 'in the background; `kzsim ctl` breaks it, `kzsim down` ends it'],
    [
      'kzsim up --tls --sasl PLAIN:alice:secret',
      'clients come by SASL_SSL, and trust the certificate whose path it prints',
    ],
    ['kzsim up --for 5s --plain', 'five seconds of it, as lines'],
  ],
  declare(command) {
    declareClusterOptions(command);
    command
      .addOption(
        new Option(
          '--listen <host:port>',
          "the first broker's address for Kafka clients; the next ones take the next ports",
        )
          .argParser(address)
          .default({ host: '127.0.0.1', port: 9092 }, '127.0.0.1:9092'),
      )
      .addOption(
        new Option(
          '--listener <name=protocol://host>',
          'a listener of every broker, in the place of --listen (repeatable): SECURE=SASL_SSL://127.0.0.1:9094, or a port for each broker after the first',
        ).argParser(repeated(listener)),
      )
      .addOption(new Option('--tls', 'clients come to --listen by TLS, with a certificate that is made at the start'))
      .addOption(new Option('--tls-cert <file>', 'where the certificate is written that clients have to trust'))
      .addOption(new Option('--no-listen', 'let no real client in'))
      .addOption(nameOption('what `kzsim ctl` calls it, where several run (default)'))
      .addOption(new Option('--wait', 'return when the cluster is ready, and leave it in the background'))
      .addOption(new Option('--record <file>', 'write there what clients and prompt do, for kzsim replay'))
      .addOption(new Option('--for <duration>', 'end after this much virtual time').argParser(durationUs))
      .addOption(
        new Option('--speed <n>', 'virtual over real time: 10x, 0.5x or max').argParser(speed).default(1, '1x'),
      )
      .addOption(
        new Option('--partition-memory <size>', 'how much of a partition a broker keeps; older segments go (none: all)')
          .argParser(memory)
          .default(64 << 20, '64MiB'),
      );
  },
  async run({ options }) {
    if (options.wait === true) {
      const { runInBackground } = await import('../up/background.ts');
      return runInBackground(options);
    }
    const { runUp } = await import('../up/run-up.ts');
    return runUp(options);
  },
};
