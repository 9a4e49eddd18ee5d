/** A request that waits for its answer. A server's request is one; a test brings its own. */
export interface Ticket {
  readonly version: number;
  respond(body: unknown): void;
}
