import type { Value } from '../expression/value.ts';
import type { ClusterModel } from '../model/cluster-model.ts';
import type { RealClientRecord } from '../model/real-clients.ts';
import type { Observable, ObservableTable, Subject } from './observable.ts';

function of(read: (client: RealClientRecord, args: readonly string[]) => Value, none: Value): Observable['read'] {
  return (model: ClusterModel, { name }: Subject, args: readonly string[]) => {
    const client = model.realClients.all.get(name);
    return client === undefined ? none : read(client, args);
  };
}

function count(name: 'sent' | 'acked' | 'refused' | 'fetched', about: string): Observable {
  return { name, type: 'number', about, domains: ['clients'], read: of((client) => client[name], 0) };
}

export const realClientObservables: ObservableTable = [
  count('sent', 'records in its produce requests; what was sent twice counts twice'),
  count('acked', 'records that it was told are stored'),
  count('refused', 'records that it was told are not stored, or perhaps not'),
  count('fetched', 'records that it was given; whether its application got them, the protocol does not show'),
  {
    name: 'errors',
    type: 'number',
    about: 'how often it was answered with this error, or had no answer (NETWORK_EXCEPTION, REQUEST_TIMED_OUT)',
    domains: ['clients'],
    args: [1, 2],
    read: of((client, args) => client.errors.get(args.join(' ')) ?? 0, 0),
  },
  {
    name: 'lastError',
    type: 'name',
    about: 'the latest of these errors',
    domains: ['clients'],
    read: of((client) => client.lastError, null),
  },
];
