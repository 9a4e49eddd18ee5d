/** What a four-letter word may look at: a server as its operator sees it. */
import type { Client } from '../client-service.ts';
import type { DataTree } from '../data-tree.ts';
import type { LeaderStanding } from '../leader.ts';
import type { SizeStats, Traffic } from '../traffic.ts';
import type { Watches } from '../watches.ts';

export interface ServerView {
  readonly node: string;
  readonly sid: number;
  readonly servers: number;
  readonly tickTimeMs: number;
  readonly initLimit: number;
  readonly syncLimit: number;
  readonly nowMs: number;
  readonly wallMs: number;
  /** Since it began to serve, in milliseconds. */
  readonly upMs: number;
  /** Null: it follows. */
  readonly leading: LeaderStanding | null;
  readonly tree: DataTree;
  readonly watches: Watches<Client>;
  readonly traffic: Traffic;
  /** Without the one that asks. */
  readonly connections: readonly Client[];
  readonly txnSizes: SizeStats;
  readonly bytesOnDisk: { readonly snapshots: number; readonly logs: number };
  /** How often it has looked for a leader. */
  readonly elections: number;
  /** The client that asks: its address, and how it shows in lists. */
  readonly asker: string;
}

export interface FourLetterWord {
  readonly name: string;
  readonly about: string;
  /** It is answered by a server that does not serve, too, and so. */
  readonly notServing?: string;
  answer(view: ServerView): string;
}

/** As lines of the answer, each with its end. */
export const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
