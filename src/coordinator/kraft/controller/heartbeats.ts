/**
 * Who was heard of lately (BrokerHeartbeatManager and BrokerHeartbeatTracker). Soft: a new controller starts it afresh
 * and gives every unfenced broker a full session of grace. Times are of the controller's monotonic clock, in milliseconds.
 */

interface Contact {
  readonly brokerId: number;
  /** A contact is with one registration. */
  brokerEpoch: number;
  /** −1: never, or the session ran out. */
  contactMs: number;
  /** How far this broker has applied the metadata log. */
  metadataOffset: number;
  /** Where its leaders had been moved away; −1 while it is not in controlled shutdown. */
  shutdownOffset: number;
}

export class Heartbeats {
  private readonly contacts = new Map<number, Contact>();
  private readonly sessionTimeoutMs: number;

  constructor(sessionTimeoutMs: number) {
    this.sessionTimeoutMs = sessionTimeoutMs;
  }

  /** A heartbeat or registration came in, whatever is decided about it later. */
  touch(brokerId: number, brokerEpoch: number, nowMs: number): void {
    const contact = this.track(brokerId, brokerEpoch);
    if (contact.brokerEpoch === brokerEpoch) contact.contactMs = nowMs;
  }

  /** Follows this registration from now on, without contact if it is a new one. */
  track(brokerId: number, brokerEpoch: number): Contact {
    let contact = this.contacts.get(brokerId);
    if (contact === undefined || contact.brokerEpoch < brokerEpoch) {
      contact = { brokerId, brokerEpoch, contactMs: -1, metadataOffset: -1, shutdownOffset: -1 };
      this.contacts.set(brokerId, contact);
    }
    return contact;
  }

  forget(brokerId: number): void {
    this.contacts.delete(brokerId);
  }

  hasValidSession(brokerId: number, brokerEpoch: number, nowMs: number): boolean {
    const contact = this.contacts.get(brokerId);
    if (contact === undefined || contact.brokerEpoch !== brokerEpoch || contact.contactMs < 0) return false;
    return nowMs - contact.contactMs <= this.sessionTimeoutMs;
  }

  /** Of those whose session has run out, the one that was heard of longest ago. */
  nextExpired(nowMs: number): number | undefined {
    let oldest: Contact | undefined;
    for (const contact of this.contacts.values()) {
      if (contact.contactMs < 0 || nowMs - contact.contactMs <= this.sessionTimeoutMs) continue;
      if (oldest === undefined || contact.contactMs < oldest.contactMs) oldest = contact;
    }
    return oldest?.brokerId;
  }

  /** When this broker was last heard of; −1 if its session is over. */
  contactMs(brokerId: number): number {
    return this.contacts.get(brokerId)?.contactMs ?? -1;
  }

  endSession(brokerId: number): void {
    const contact = this.contacts.get(brokerId);
    if (contact !== undefined) contact.contactMs = -1;
  }

  note(brokerId: number, metadataOffset: number): void {
    const contact = this.contacts.get(brokerId);
    if (contact !== undefined) contact.metadataOffset = metadataOffset;
  }

  metadataOffset(brokerId: number): number {
    return this.contacts.get(brokerId)?.metadataOffset ?? -1;
  }

  shutdownOffset(brokerId: number): number {
    return this.contacts.get(brokerId)?.shutdownOffset ?? -1;
  }

  setShutdownOffset(brokerId: number, offset: number): void {
    const contact = this.contacts.get(brokerId);
    if (contact !== undefined) contact.shutdownOffset = offset;
  }
}
