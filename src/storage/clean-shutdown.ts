import type { Disk } from '../kernel/api.ts';
import { utf8Decode, utf8Encode } from '../protocol/utf8.ts';
import { readWhole } from './checkpoints.ts';

/**
 * The mark of an orderly end: whoever finds it need not check the logs. It also tells the broker epoch of that life, so
 * that the controller can see whether the stop was clean (KIP-966; Kafka's CleanShutdownFileHandler).
 */
const FILE = '.kafka_cleanshutdown';

export interface CleanShutdown {
  readonly clean: boolean;
  /** -1 where it is not known. */
  readonly brokerEpoch: number;
}

/** Reads the mark and takes it away at once: a crash during loading is then an unclean end. */
export function takeCleanShutdown(disk: Disk): CleanShutdown {
  const bytes = readWhole(disk, FILE);
  if (bytes === undefined) return { clean: false, brokerEpoch: -1 };
  const file = disk.open(FILE);
  disk.remove(FILE);
  // The removal must outlive a power loss, or the next start would trust what was never checked.
  file.sync(ignore, null);
  return { clean: true, brokerEpoch: brokerEpochIn(utf8Decode(bytes)) };
}

export function encodeCleanShutdown(brokerEpoch: number): Uint8Array {
  return utf8Encode(`{"version":0,"brokerEpoch":${brokerEpoch}}`);
}

export const CLEAN_SHUTDOWN_FILE = FILE;

/** A broken body only loses the epoch. */
function brokerEpochIn(text: string): number {
  try {
    const body: unknown = JSON.parse(text);
    const epoch = typeof body === 'object' && body !== null && 'brokerEpoch' in body ? body.brokerEpoch : -1;
    return typeof epoch === 'number' && Number.isSafeInteger(epoch) ? epoch : -1;
  } catch {
    return -1;
  }
}

function ignore(): void {}
