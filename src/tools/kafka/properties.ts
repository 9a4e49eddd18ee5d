/** Settings as Kafka's tools take them: one behind an option, or a file with a line each. */
import { UsageError } from './failure.ts';

/** `acks=all` → its name and value. Throws `UsageError`. */
export function readProperty(text: string): readonly [name: string, value: string] {
  const cut = text.indexOf('=');
  if (cut < 1) throw new UsageError(`"${text}" is no setting: name=value`);
  return [text.slice(0, cut).trim(), text.slice(cut + 1)];
}

/** The lines of a file of properties. */
export function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && line.includes('='));
}

/** There is one operator here, whom every broker trusts. */
export function isSecurity(name: string): boolean {
  return /^(security\.protocol|sasl\.|ssl\.)/.test(name);
}
