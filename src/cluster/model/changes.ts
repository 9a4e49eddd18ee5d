/**
 * Which parts of the model changed. Conditions name the parts that they depend on, so that judging after every event
 * costs nothing where nothing they speak of changed. `replicas` are the roles that brokers believe to have, `logs` how far
 * their logs go, `bindings` the names that steps gave.
 */
export const DOMAINS = [
  'authority',
  'nodes',
  'replicas',
  'logs',
  'quorum',
  'clients',
  'groups',
  'transactions',
  'ledger',
  'time',
  'bindings',
] as const;
export type Domain = (typeof DOMAINS)[number];

export class Changes {
  readonly #listeners: ((domain: Domain) => void)[] = [];

  mark(domain: Domain): void {
    for (const listener of this.#listeners) listener(domain);
  }

  onMark(listener: (domain: Domain) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      const index = this.#listeners.indexOf(listener);
      if (index >= 0) this.#listeners.splice(index, 1);
    };
  }
}
