/**
 * Who leads a partition, as pure arithmetic (Election, PartitionLeaderElectionAlgorithms). Whoever may lead is looked for in the
 * order of the assignment. Every election has a leader epoch of its own.
 */
import type { Leadership } from '../znodes.ts';

import { type ControlledPartition, targetReplicas } from './state.ts';

export type Strategy =
  /** The leader is gone. `unclean`: a replica from outside the ISR will do when the ISR has nobody left. */
  | { readonly kind: 'offline'; readonly unclean: boolean }
  | { readonly kind: 'preferred' }
  | { readonly kind: 'controlled-shutdown' }
  /** The assignment changes, and the leader is not of the new one. */
  | { readonly kind: 'reassign' };

/** Which brokers live. */
export interface Liveness {
  /** Registered and not shutting down. */
  isOnline(brokerId: number): boolean;
  /** Registered. */
  isAlive(brokerId: number): boolean;
}

export interface Elected {
  readonly leadership: Leadership;
  /** Who is told at once, by LeaderAndIsr. */
  readonly recipients: readonly number[];
}

type Electorate = Pick<ControlledPartition, 'replicas' | 'removing'>;

/** Null if nobody may lead. `current` is what the state znode says; the controller epoch becomes the elector's. */
export function elect(
  partition: ControlledPartition,
  current: Leadership,
  strategy: Strategy,
  { liveness, controllerEpoch }: { readonly liveness: Liveness; readonly controllerEpoch: number },
): Elected | null {
  const choice = choose(partition, current, strategy, liveness);
  if (choice === null) return null;
  const { leader, isr, recovering, recipients } = choice;
  return {
    leadership: { controllerEpoch, leader, leaderEpoch: current.leaderEpoch + 1, isr, recovering },
    recipients,
  };
}

interface Choice {
  readonly leader: number;
  readonly isr: readonly number[];
  readonly recovering: boolean;
  readonly recipients: readonly number[];
}

function choose(
  partition: Electorate,
  { isr, recovering }: Leadership,
  strategy: Strategy,
  liveness: Liveness,
): Choice | null {
  const { replicas } = partition;
  const online = (id: number): boolean => liveness.isOnline(id);
  const eligible = (id: number): boolean => online(id) && isr.includes(id);
  switch (strategy.kind) {
    case 'offline': {
      const recipients = replicas.filter(online);
      const clean = replicas.find(eligible);
      if (clean !== undefined) return { leader: clean, isr: isr.filter(online), recovering, recipients };
      const unclean = strategy.unclean ? recipients[0] : undefined;
      return unclean === undefined ? null : { leader: unclean, isr: [unclean], recovering: true, recipients };
    }
    case 'preferred': {
      const leader = replicas[0];
      return leader === undefined || !eligible(leader) ? null : { leader, isr, recovering, recipients: replicas };
    }
    case 'controlled-shutdown': {
      const alive = replicas.filter((id) => liveness.isAlive(id));
      const leader = alive.find(eligible);
      if (leader === undefined) return null;
      return { leader, isr: isr.filter((id) => online(id) || !liveness.isAlive(id)), recovering, recipients: alive };
    }
    case 'reassign': {
      const target = targetReplicas(partition);
      const leader = target.find(eligible);
      return leader === undefined ? null : { leader, isr, recovering, recipients: target };
    }
  }
}

/** The first leadership of a partition: its live replicas are its ISR, the first of them leads. Null if none lives. */
export function firstLeadership(
  replicas: readonly number[],
  liveness: Liveness,
  controllerEpoch: number,
): Leadership | null {
  const isr = replicas.filter((id) => liveness.isOnline(id));
  const [leader] = isr;
  return leader === undefined ? null : { controllerEpoch, leader, leaderEpoch: 0, isr, recovering: false };
}

/**
 * A replica goes offline: it leaves the ISR, and the leadership if it had it. The last member of the ISR stays in it, for nobody else
 * has all of the log. Null if it was not in the ISR: then nothing changes.
 */
export function withoutReplica(current: Leadership, brokerId: number, controllerEpoch: number): Leadership | null {
  const { isr, leader, leaderEpoch, recovering } = current;
  if (!isr.includes(brokerId)) return null;
  return {
    controllerEpoch,
    leader: leader === brokerId ? -1 : leader,
    leaderEpoch: leaderEpoch + 1,
    isr: isr.length === 1 ? isr : isr.filter((id) => id !== brokerId),
    recovering,
  };
}
