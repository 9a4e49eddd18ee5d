import { type Config, type ConfigOptions, type Overrides, resolveConfig } from './config.ts';
import { topicFallback } from './synonyms.ts';

/** The settings of a server, broker or controller, from its `server.properties`. */
export function brokerConfig(overrides: Overrides, options: ConfigOptions): Config {
  return resolveConfig('broker', overrides, options);
}

/** The settings of a topic: its own, else those of the broker under their names there, else the defaults. */
export function topicConfig(overrides: Overrides, broker: Config): Config {
  return resolveConfig('topic', overrides, broker.options, topicFallback(broker));
}

/** The names under which a broker gives what a group does not say. */
const GROUP_FALLBACKS: { readonly [name: string]: string } = {
  'consumer.session.timeout.ms': 'group.consumer.session.timeout.ms',
  'consumer.heartbeat.interval.ms': 'group.consumer.heartbeat.interval.ms',
};

/** The settings of a group: its own, else those of the broker. */
export function groupConfig(overrides: Overrides, broker: Config): Config {
  return resolveConfig('group', overrides, broker.options, ({ name }) => {
    const fallback = GROUP_FALLBACKS[name];
    return fallback === undefined ? undefined : broker.number(fallback);
  });
}

export function producerConfig(overrides: Overrides, options: ConfigOptions): Config {
  return resolveConfig('producer', overrides, options);
}

export function consumerConfig(overrides: Overrides, options: ConfigOptions): Config {
  return resolveConfig('consumer', overrides, options);
}

export function adminConfig(overrides: Overrides, options: ConfigOptions): Config {
  return resolveConfig('admin', overrides, options);
}

/** The settings of a ZooKeeper server, from its `zoo.cfg`. */
export function zookeeperConfig(overrides: Overrides, options: ConfigOptions): Config {
  return resolveConfig('zookeeper', overrides, options);
}
