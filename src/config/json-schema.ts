// The schema for editors: completion and hints through `# yaml-language-server: $schema=…`.
import * as z from 'zod';
import { fileSchema } from './schema.js';

/** The input side: whatever has a default may be left out. */
export function configJsonSchema(): Record<string, unknown> {
  return {
    title: 'clincher.yaml',
    description: 'Servers that clincher provisions, and where their secrets are.',
    ...z.toJSONSchema(fileSchema(), { io: 'input', unrepresentable: 'any', override: withoutNoise }),
  };
}

/** zod writes safe-integer limits into every whole number; they say nothing. */
function withoutNoise({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
