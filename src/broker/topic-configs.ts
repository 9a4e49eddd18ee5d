import type { LogConfig } from '../storage/api.ts';

/** What a topic's settings mean for its replicas: its own, else the broker's dynamic ones, else the static ones, else Kafka's defaults. */
export interface TopicConfig {
  readonly log: LogConfig;
  readonly minInsyncReplicas: number;
}

/** Resolved settings by topic, kept until they change. */
export class TopicConfigs {
  private readonly known = new Map<string, TopicConfig>();
  private readonly resolve: (topic: string) => TopicConfig;

  constructor(resolve: (topic: string) => TopicConfig) {
    this.resolve = resolve;
  }

  of(topic: string): TopicConfig {
    let config = this.known.get(topic);
    if (config === undefined) {
      config = this.resolve(topic);
      this.known.set(topic, config);
    }
    return config;
  }

  forget(topic: string): void {
    this.known.delete(topic);
  }

  forgetAll(): void {
    this.known.clear();
  }
}
