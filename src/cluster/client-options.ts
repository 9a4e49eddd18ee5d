/** What runs on a cluster: simulated clients, as scenarios declare them. */

/** So many records in so many microseconds. */
export interface ClientRate {
  readonly count: number;
  readonly perUs: number;
}

export interface ClientOptions {
  readonly name: string;
  /** Instances; each runs on a node of its own. */
  readonly members: number;
  /** `producer.properties` or `consumer.properties` names. */
  readonly config: Readonly<Record<string, string>>;
  /** False: `startClient` starts it. */
  readonly start: boolean;
  readonly role: ClientRole;
}

export type ClientRole =
  | {
      readonly kind: 'produce';
      readonly topic: string;
      readonly rate: ClientRate | null;
      /** Different keys that take turns; null: records without a key. */
      readonly keys: number | null;
      /** Bytes. */
      readonly valueSize: number;
      /** How it divides its records, where it has a transactional id; left out: as the verbs `commit` and `abort` say. */
      readonly transaction?: { readonly records: number | null; readonly abortPerMille: number } | undefined;
    }
  | { readonly kind: 'consume'; readonly topics: readonly string[]; readonly reading: Reading }
  | { readonly kind: 'transform'; readonly from: readonly string[]; readonly to: string; readonly reading: Reading };

/** How a consumer reads. */
export interface Reading {
  readonly group: string | null;
  /** Time that the application takes for a record, in microseconds. */
  readonly processUs: number;
  readonly commit: 'before' | 'after' | 'auto';
}
