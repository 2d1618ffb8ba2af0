// The schema and model.ts describe one server: this file compiles only as long as they agree.
import { expectTypeOf, test } from 'vitest';
import type { NamedServer } from '../../src/config/schema.js';
import type { Server } from '../../src/model.js';

/** By whoever reads the file, or by the worker. */
type FilledIn =
  | ('vault' | 'digests' | 'library' | 'publicKeys' | 'watched' | 'bots' | 'machine')
  | ('control' | 'shipped');
type Compared = Omit<Server, FilledIn>;

test('what the schema gives is the server of model.ts', () => {
  expectTypeOf<NamedServer>().toExtend<Compared>();
  expectTypeOf<Compared>().toExtend<NamedServer>();
  expectTypeOf<keyof NamedServer | FilledIn>().toEqualTypeOf<keyof Server>();
});
