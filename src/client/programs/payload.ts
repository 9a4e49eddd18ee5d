import { ByteSlab } from '../../protocol/byte-slab.ts';

const encoder = new TextEncoder();
const FILL = 0x2e;
const ZERO = 0x30;

/** Makes the records of one client: no two values are equal, and both keys and values can be read by people. */
export class Payload {
  private readonly template: Uint8Array;
  private readonly slab = new ByteSlab();
  private readonly keyTexts: readonly string[];
  private readonly keys: readonly Uint8Array[];

  /** `keys` null: records without a key. */
  constructor(client: string, options: { readonly keys: number | null; readonly valueSize: number }) {
    const prefix = encoder.encode(`${client}#`);
    this.template = new Uint8Array(options.valueSize).fill(FILL);
    this.template.set(prefix.subarray(0, Math.min(prefix.length, options.valueSize)));
    this.keyTexts = Array.from({ length: options.keys ?? 0 }, (_, index) => `k${index}`);
    this.keys = this.keyTexts.map((text) => encoder.encode(text));
  }

  /** Keys take turns. */
  keyText(serial: number): string | null {
    return this.keyTexts.length === 0 ? null : this.keyTexts[serial % this.keyTexts.length]!;
  }

  key(serial: number): Uint8Array | null {
    return this.keys.length === 0 ? null : this.keys[serial % this.keys.length]!;
  }

  /** Ends in the serial; longer than asked for only where the serial does not fit. */
  value(serial: number): Uint8Array {
    let digits = 1;
    for (let rest = serial; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
    const { template } = this;
    const value = template.length >= digits ? this.slab.copy(template) : new Uint8Array(digits);
    let rest = serial;
    for (let at = value.length - 1; digits > 0; digits--, at--) {
      value[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    return value;
  }
}
