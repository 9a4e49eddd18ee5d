import { fail } from '../kernel/assert.ts';
import { CONFIG_RESOURCE_TYPES, type ConfigResourceType } from '../protocol/config-resource.ts';

/** Under which name the settings of a resource are kept. */
export type ConfigKey = `${ConfigResourceType}/${string}`;

export function resourceOf(key: ConfigKey): { readonly type: ConfigResourceType; readonly name: string } {
  for (const type of CONFIG_RESOURCE_TYPES.values())
    if (key.startsWith(`${type}/`)) return { type, name: key.slice(type.length + 1) };
  return fail(`no resource has the key ${key}`);
}
