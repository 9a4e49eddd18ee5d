const SLAB_BYTES = 64 * 1024;
/** A copy that is longer gets memory of its own. */
const LONGEST = 8 * 1024;

/**
 * Private copies of byte strings, side by side in larger blocks: an allocation for each small batch would cost more than all the
 * rest of an append. Copies are never given back one by one; a block goes when nobody holds any of its copies.
 */
export class ByteSlab {
  private block = new Uint8Array(0);
  private used = 0;

  copy(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (length > LONGEST) {
      // Not `slice`: of the bytes that a socket of Node.js reads, that is a view.
      const own = new Uint8Array(length);
      own.set(bytes);
      return own;
    }
    if (this.used + length > this.block.length) {
      this.block = new Uint8Array(SLAB_BYTES);
      this.used = 0;
    }
    const copy = this.block.subarray(this.used, this.used + length);
    copy.set(bytes);
    this.used += length;
    return copy;
  }
}
