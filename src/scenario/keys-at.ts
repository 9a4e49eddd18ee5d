import { z } from 'zod';
import { ScenarioFile } from './schema.ts';
import type { Path } from './source.ts';

/** The keys that may stand in the mapping at a path of a scenario file; none where any may. */
export function keysAt(path: Path): readonly string[] {
  let schema: z.ZodType | undefined = ScenarioFile;
  for (const step of path) schema = schema && below(schema, step);
  const found = schema && unwrapped(schema).find((one) => one instanceof z.ZodObject);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function below(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  for (const one of unwrapped(schema)) {
    if (one instanceof z.ZodObject && step in one.shape) return one.shape[step] as z.ZodType;
    if (one instanceof z.ZodRecord) return one.valueType as z.ZodType;
    if (one instanceof z.ZodArray) return one.element as z.ZodType;
  }
  return undefined;
}

/** A schema without what may be left out, and all branches of a union. */
function unwrapped(schema: z.ZodType): readonly z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => unwrapped(option as z.ZodType));
  return [schema];
}
