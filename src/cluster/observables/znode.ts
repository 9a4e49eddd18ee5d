import type { Value } from '../expression/value.ts';
import type { ZnodeRecord } from '../model/znodes.ts';
import type { Observable, ObservableTable } from './observable.ts';

function of(name: string, type: Observable['type'], about: string, read: (znode: ZnodeRecord) => Value): Observable {
  return {
    name,
    type,
    about,
    domains: ['quorum'],
    modes: ['zookeeper'],
    read(model, subject) {
      const znode = model.znodes.get(subject.name);
      return znode === undefined ? null : read(znode);
    },
  };
}

export const znodeObservables: ObservableTable = [
  {
    name: 'exists',
    type: 'boolean',
    about: 'whether it is there, as the ensemble committed it',
    domains: ['quorum'],
    modes: ['zookeeper'],
    read: (model, subject) => model.znodes.get(subject.name) !== undefined,
  },
  of('data', 'name', 'its data, as text', (znode) => znode.data),
  of('version', 'number', 'version of its data', (znode) => znode.version),
  of('owner', 'name', 'session that owns it, in hexadecimal; none unless it is ephemeral', (znode) => znode.owner),
];
