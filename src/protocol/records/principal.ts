import { codecs } from '../api.ts';
import { Reader } from '../reader.ts';
import { bool, string, struct, type Value } from '../schema.ts';
import { checkVersion } from '../versions.ts';
import { Writer } from '../writer.ts';

/** In whose name a request came, as a broker writes it into the Envelope that it forwards to the controller. */
export const DefaultPrincipalData = struct({
  type: string(),
  name: string(),
  tokenAuthenticated: bool(),
});

export type DefaultPrincipalData = Value<typeof DefaultPrincipalData>;

const codecOf = codecs(DefaultPrincipalData, {
  versions: { min: 0, max: 0 },
  firstFlexible: 0,
  path: 'DefaultPrincipalData',
});

export function encodePrincipal(principal: DefaultPrincipalData): Uint8Array {
  const writer = new Writer();
  writer.int16(0);
  codecOf(0).write(writer, principal);
  return writer.written();
}

export function decodePrincipal(bytes: Uint8Array): DefaultPrincipalData {
  const reader = new Reader(bytes);
  const version = checkVersion(reader.int16(), { min: 0, max: 0 }, 'DefaultPrincipalData');
  return codecOf(version).read(reader);
}
