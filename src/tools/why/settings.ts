/** The value of a setting as it holds for somebody in a cluster. */
import type { Cluster } from '../../cluster/cluster.ts';
import { clientNodes } from '../../cluster/names.ts';
import { consumerConfig, producerConfig } from '../../config/resources.ts';
import type { Owner } from './telling.ts';

/** As text; null if nobody knows it (a real client keeps its settings to itself). */
export function settingOf(cluster: Cluster, owner: Owner, name: string): string | null {
  switch (owner.kind) {
    case 'broker':
      return ofBroker(cluster, name);
    case 'topic':
      return cluster.model.authority.configs.get(`topic/${owner.name}`)?.get(name) ?? ofBroker(cluster, name);
    case 'client':
      return ofClient(cluster, owner.name, name);
  }
}

/** Topics fall back to what brokers are set to, sometimes under another name. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'max.message.bytes': 'message.max.bytes',
  'retention.ms': 'log.retention.ms',
  'retention.bytes': 'log.retention.bytes',
};

function ofBroker({ config, model }: Cluster, name: string): string | null {
  const key = SYNONYMS[name] ?? name;
  const dynamic = model.authority.configs.get('broker/')?.get(key);
  return dynamic ?? (config.has(key) ? config.text(key) : null);
}

/** What was written for the client, else what its library would take. */
function ofClient({ clients, options }: Cluster, node: string, name: string): string | null {
  const client = [...clients.all.values()].find(
    ({ options: { name: own, members } }) => own === node || clientNodes(own, members).includes(node),
  );
  if (client === undefined) return null;
  const written = client.options.config[name];
  if (written !== undefined) return String(written);
  const release = {
    version: clients.environment.release,
    timers: options.timers === 'fast' ? 'fast' : 'real',
  } as const;
  const library = [producerConfig({}, release), consumerConfig({}, release)].find((config) => config.has(name));
  return library?.text(name) ?? null;
}
