// Which keys the schema knows, at a path or anywhere: for suggestions and for `--set`.
import type * as z from 'zod';
import type { Path } from './document.js';

type Schema = z.core.$ZodType;

/** The schema below default, optional and transform. */
export function unwrapped(schema: Schema): Schema {
  const def = schema._zod.def as z.core.$ZodTypeDef & { innerType?: Schema; in?: Schema };
  const inner = def.innerType ?? (def.type === 'pipe' ? def.in : undefined);
  return inner === undefined ? schema : unwrapped(inner);
}

export function schemaAt(schema: Schema, path: Path): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (at, part) => (at === undefined ? undefined : step(unwrapped(at), part)),
    schema,
  );
}

/** Empty where any key goes, or none. */
export function keysOf(schema: Schema | undefined): string[] {
  if (schema === undefined) return [];
  const inner = unwrapped(schema);
  const { keyType } = inner._zod.def as z.core.$ZodTypeDef & { keyType?: Schema };
  return Object.keys(shapeOf(inner) ?? {}).concat([...(keyType?._zod.values ?? [])].map(String));
}

/** Every dotted path below a schema, itself excluded. */
export function pathsBelow(schema: Schema): string[][] {
  const shape = shapeOf(unwrapped(schema)) ?? {};
  return Object.entries(shape).flatMap(([key, inner]) => [
    [key],
    ...pathsBelow(inner).map((rest) => [key, ...rest]),
  ]);
}

function step(schema: Schema, part: PropertyKey): Schema | undefined {
  const def = schema._zod.def as z.core.$ZodTypeDef & {
    valueType?: Schema;
    element?: Schema;
    options?: Schema[];
  };
  if (def.type === 'record') return def.valueType;
  if (def.type === 'array') return def.element;
  if (def.type === 'union') return def.options?.find((option) => step(unwrapped(option), part) !== undefined);
  const shape = shapeOf(schema);
  return shape !== undefined && Object.hasOwn(shape, part) ? shape[String(part)] : undefined;
}

function shapeOf(schema: Schema): Record<string, Schema> | undefined {
  return (schema._zod.def as z.core.$ZodTypeDef & { shape?: Record<string, Schema> }).shape;
}
