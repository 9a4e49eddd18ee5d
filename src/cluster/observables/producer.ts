import type { Value } from '../expression/value.ts';
import type { ProducerRecord } from '../model/clients.ts';
import type { ClusterModel } from '../model/cluster-model.ts';
import type { Observable, ObservableTable } from './observable.ts';

type Field = 'sent' | 'acked' | 'failed' | 'retried';

function count(name: Field, about: string): Observable {
  return {
    name,
    type: 'number',
    about,
    domains: ['clients'],
    read: (model, subject) => model.producers.all.get(subject.name)?.[name] ?? 0,
  };
}

function latency(name: string, perMille: number): Observable {
  return {
    name,
    type: 'duration',
    about: `time from send to acknowledgement that ${perMille / 10} % of the records do not exceed`,
    domains: ['clients'],
    read: (model, subject) => model.producers.all.get(subject.name)?.latencies.quantileUs(perMille) ?? null,
  };
}

function of(read: (client: ProducerRecord, model: ClusterModel, args: readonly string[]) => Value, none: Value) {
  return (model: ClusterModel, { name }: { readonly name: string }, args: readonly string[]): Value => {
    const client = model.producers.all.get(name);
    return client === undefined ? none : read(client, model, args);
  };
}

export const producerObservables: ObservableTable = [
  count('sent', 'records handed to send()'),
  count('acked', 'records finally acknowledged'),
  count('failed', 'records whose send failed for good'),
  count('retried', 'records whose batch was sent again'),
  {
    name: 'inFlight',
    type: 'number',
    about: 'records sent and neither acknowledged nor failed',
    domains: ['clients'],
    read: of((client) => client.sent - client.acked - client.failed, 0),
  },
  {
    name: 'rate',
    type: 'number',
    about: 'acknowledgements a second, over the last whole second',
    domains: ['clients', 'time'],
    read: of((client, model) => model.producers.rate(client, model.nowUs), 0),
  },
  latency('p50', 500),
  latency('p99', 990),
  latency('p999', 999),
  {
    name: 'errors',
    type: 'number',
    about: 'how often an answer or a client-side failure carried this error, retried or not',
    domains: ['clients'],
    args: [1, 2],
    read: of((client, _model, args) => client.errors.get(args.join(' ')) ?? 0, 0),
  },
  {
    name: 'lastError',
    type: 'name',
    about: 'the latest error that an answer or a client-side failure carried',
    domains: ['clients'],
    read: of((client) => client.lastError, null),
  },
  {
    name: 'longestGap',
    type: 'duration',
    about: 'longest time between two acknowledgements while sending: the outage as the client saw it',
    domains: ['clients', 'time'],
    read: of((client, model) => model.producers.longestGapUs(client, model.nowUs), 0),
  },
];
