import type { Codec } from './codec.ts';
import { compile } from './compile.ts';
import type { Api, Listener, Release, Schema } from './schema.ts';
import { inRange, LAST_VERSION, parseVersions, type VersionRange, type Versions } from './versions.ts';

interface ApiDescription<Req, ReqInit, Res, ResInit> {
  readonly key: number;
  readonly name: string;
  /** All versions that are described: those of all releases together, without unstable ones. */
  readonly versions: Versions;
  /** The first flexible version (KIP-482), or null where there is none. */
  readonly flexible: number | null;
  /** The versions that each release offers; a release that lacks the API is left out. */
  readonly offered: { readonly [R in Release]?: Versions };
  readonly listeners: readonly Listener[];
  readonly request: Schema<Req, ReqInit>;
  readonly response: Schema<Res, ResInit>;
}

export function api<Req, ReqInit, Res, ResInit>(
  description: ApiDescription<Req, ReqInit, Res, ResInit>,
): Api<Req, Res, ReqInit, ResInit> {
  const { key, name, listeners, request, response, offered } = description;
  const versions = parseVersions(description.versions);
  const firstFlexible = description.flexible ?? LAST_VERSION + 1;
  return {
    key,
    name,
    versions,
    firstFlexible,
    offered: {
      '3.9': rangeOrNull(offered['3.9']),
      '4.0': rangeOrNull(offered['4.0']),
      '4.1': rangeOrNull(offered['4.1']),
      '4.2': rangeOrNull(offered['4.2']),
    },
    listeners,
    request,
    response,
    requestCodec: codecs(request, { versions, firstFlexible, path: `${name}Request` }),
    responseCodec: codecs(response, { versions, firstFlexible, path: `${name}Response` }),
  };
}

function rangeOrNull(text: Versions | undefined): VersionRange | null {
  return text === undefined ? null : parseVersions(text);
}

interface Family {
  readonly versions: VersionRange;
  readonly firstFlexible: number;
  /** The name of the message, for errors. */
  readonly path: string;
}

/** The codecs of a schema by version, each compiled when it is first asked for. */
export function codecs<T, Init>(schema: Schema<T, Init>, { versions, firstFlexible, path }: Family) {
  const compiled: (Codec<T> | undefined)[] = [];
  return (version: number): Codec<T> => {
    const known = compiled[version];
    if (known !== undefined) return known;
    if (!inRange(versions, version)) {
      throw new RangeError(`${path} has versions ${versions.min} to ${versions.max}, not ${version}`);
    }
    const codec = compile(schema as Schema<T, never>, { version, flexible: version >= firstFlexible }, path);
    compiled[version] = codec;
    return codec;
  };
}

/** The version of the header before a request: 2 for flexible versions, 0 for the oldest ControlledShutdown alone. */
export function requestHeaderVersion(of: Pick<Api, 'key' | 'firstFlexible'>, version: number): 0 | 1 | 2 {
  if (of.key === 7 && version === 0) return 0;
  return version >= of.firstFlexible ? 2 : 1;
}

/**
 * The version of the header before a response. ApiVersions always has the oldest, so that a client can read the
 * answer of a broker that does not know the version it asked with (KIP-511).
 */
export function responseHeaderVersion(of: Pick<Api, 'key' | 'firstFlexible'>, version: number): 0 | 1 {
  if (of.key === 18) return 0;
  return version >= of.firstFlexible ? 1 : 0;
}
