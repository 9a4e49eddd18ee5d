import type { WorldOptions } from './api.ts';

type DigestFactory = WorldOptions['digest'];

/**
 * The digest of a growing sequence of blocks, as a chain: each link is the digest of the link before it and a block.
 * Reading it in the middle adds a last, partial link that the chain does not keep, so reading disturbs nothing.
 */
export class TraceHash {
  private link = '';
  private readonly digest: DigestFactory;

  constructor(digest: DigestFactory) {
    this.digest = digest;
  }

  add(block: Uint8Array): void {
    this.link = this.linkOver(block);
  }

  withPartial(block: Uint8Array): string {
    return `sha256:${this.linkOver(block)}`;
  }

  private linkOver(block: Uint8Array): string {
    const digest = this.digest();
    const before = new Uint8Array(this.link.length);
    for (let index = 0; index < before.length; index++) before[index] = this.link.charCodeAt(index);
    digest.update(before);
    digest.update(block);
    return digest.hex();
  }
}
