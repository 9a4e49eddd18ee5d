/** Those who send and read, simulated or real, as the model and the ledger have them. */
import type { ClusterModel } from '../cluster/model/cluster-model.ts';
import { groupObservables } from '../cluster/observables/group.ts';
import type { OutsideConnectionRecord } from '../cluster/outside-connections.ts';
import type { ClientLedger } from '../cluster/ports.ts';
import type { GroupRow, OutsideRow, ProducerRow, TransactionRow } from './view.ts';

/** An error that is older is no news of a producer. */
const RECENT_US = 10_000_000;

export function producersOf(model: ClusterModel): readonly ProducerRow[] {
  return [...model.producers.all.values()]
    .filter(({ sent, sending }) => sending || sent > 0)
    .map((client) => ({
      name: client.name,
      acked: client.acked,
      failed: client.failed,
      inFlight: client.sent - client.acked - client.failed,
      perSecond: model.producers.rate(client, model.nowUs),
      p99Us: client.latencies.quantileUs(990),
      sending: client.sending,
      lastError: model.nowUs - client.lastErrorUs < RECENT_US ? client.lastError : null,
    }));
}

const lagOf = groupObservables.find(({ name }) => name === 'lag')!;

export function groupsOf(model: ClusterModel): readonly GroupRow[] {
  return [...model.groups.all.values()].map((group) => ({
    name: group.name,
    state: group.state,
    members: group.members.size,
    generation: group.generation,
    consumed: group.consumed,
    lag: Number(lagOf.read(model, { name: group.name, replica: undefined }, [])),
  }));
}

/** Those that are in the middle of something first. */
export function transactionsOf(model: ClusterModel): readonly TransactionRow[] {
  const resting = ({ state }: TransactionRow): number => (/^(Empty|Complete)/.test(state) ? 1 : 0);
  return [...model.transactions.all.values()]
    .map(({ id, state, epoch, committed, aborted, fenced }) => ({ id, state, epoch, committed, aborted, fenced }))
    .sort((a, b) => resting(a) - resting(b) || (a.id < b.id ? -1 : 1));
}

export interface OutsideSource {
  readonly connections: Iterable<OutsideConnectionRecord>;
  readonly ledgers: readonly ClientLedger[];
  readonly nowUs: number;
  /** By client.id, of the last second. */
  readonly recordsPerSecond: ReadonlyMap<string, number>;
  readonly requestsPerSecond: ReadonlyMap<string, number>;
}

/** Everybody who is connected, or once sent or was given a record; in the order in which they came. */
export function outsideOf(source: OutsideSource): readonly OutsideRow[] {
  const { ledgers, recordsPerSecond, requestsPerSecond } = source;
  const byClient = new Map<string, OutsideConnectionRecord[]>(ledgers.map(({ client }) => [client, []]));
  for (const connection of source.connections) {
    const { clientId } = connection.peer;
    const others = byClient.get(clientId);
    if (others === undefined) byClient.set(clientId, [connection]);
    else others.push(connection);
  }
  return [...byClient].map(([name, connections]) => {
    const { sent, acked, failed, fetched } = ledgers.find(({ client }) => client === name) ?? NO_RECORDS;
    return {
      name,
      ...busyness(connections, source.nowUs),
      sent,
      acked,
      failed,
      fetched,
      perSecond: recordsPerSecond.get(name) ?? 0,
      requestsPerSecond: requestsPerSecond.get(name) ?? 0,
    };
  });
}

const NO_RECORDS = { sent: 0, acked: 0, failed: 0, fetched: 0 };

function busyness(
  connections: readonly OutsideConnectionRecord[],
  nowUs: number,
): Pick<OutsideRow, 'software' | 'hosts' | 'connections' | 'inFlight' | 'oldest' | 'errors' | 'lastError'> {
  const waiting = connections.flatMap(({ inFlight }) => inFlight).sort((a, b) => a.atUs - b.atUs);
  const [first] = waiting;
  return {
    software: connections.find(({ peer }) => peer.clientSoftware !== '')?.peer.clientSoftware ?? '',
    hosts: [...new Set(connections.map(({ peer }) => peer.identity.host))],
    connections: connections.length,
    inFlight: waiting.length,
    oldest: first === undefined ? null : { api: first.request.api.name, forUs: nowUs - first.atUs },
    errors: connections.reduce((sum, { errors }) => sum + errors, 0),
    lastError: connections.findLast(({ lastError }) => lastError !== null)?.lastError ?? null,
  };
}
