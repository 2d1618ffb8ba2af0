// The schema and model.ts describe one server: this file compiles only as long as they agree.
import { expectTypeOf, test } from 'vitest';
import type { NamedServer } from '../../src/config/schema.js';
import type { Server } from '../../src/model.js';

type Compared = Omit<Server, 'vault' | 'stack'>;

test('what the schema gives is the server of model.ts', () => {
  expectTypeOf<Omit<NamedServer, 'stack'>>().toEqualTypeOf<Compared>();
  // model.ts leaves open which images there are; the schema names them.
  expectTypeOf<NamedServer['stack']>().toExtend<Server['stack']>();
  expectTypeOf<keyof NamedServer | 'vault'>().toEqualTypeOf<keyof Server>();
});
