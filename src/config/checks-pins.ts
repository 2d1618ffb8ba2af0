// Skills and personas that contradict each other: two of one name would be one folder, and one answer at the gate.
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

type Named = Pick<NamedServer, 'openclaw'>;

export const checkPins = ({ openclaw }: Named): Finding[] =>
  (['skills', 'personas'] as const).flatMap((list) =>
    openclaw[list].flatMap(({ name }, at) =>
      openclaw[list].findIndex((other) => other.name === name) === at
        ? []
        : [finding(['openclaw', list, at, 'name'], 'is the name of one above it too')],
    ),
  );
