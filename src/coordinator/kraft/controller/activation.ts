/** What the first active controller of a freshly formatted cluster writes: the levels of its features. */
import { ELR_VERSION, METADATA_VERSION } from '../../features.ts';
import { CONFIG_BROKER, type MetadataRecord } from '../metadata/records.ts';
import type { ControllerState, Decision } from './state.ts';

export function decideActivation(state: ControllerState): Decision<null> {
  const isFormatted = state.metadata.features.has(METADATA_VERSION);
  return { records: isFormatted ? [] : bootstrapRecords(state), reason: 'activation', response: null };
}

/** `metadata.version` first, the others by name; with ELR on, the minimum ISR becomes a setting of the whole cluster (KIP-966). */
function bootstrapRecords({ config }: ControllerState): MetadataRecord[] {
  const levels = [...config.features].filter(([, level]) => level > 0);
  const rank = (name: string) => (name === METADATA_VERSION ? '' : name);
  levels.sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
  const records: MetadataRecord[] = [{ kind: 'begin-transaction', name: 'Bootstrap records' }];
  for (const [name, featureLevel] of levels) records.push({ kind: 'feature-level', name, featureLevel });
  if ((config.features.get(ELR_VERSION) ?? 0) > 0) {
    const value = String(config.minInsyncReplicas);
    records.push({ kind: 'config', resourceType: CONFIG_BROKER, resourceName: '', name: 'min.insync.replicas', value });
  }
  records.push({ kind: 'end-transaction' });
  return records;
}
