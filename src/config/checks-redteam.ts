// What attacks must agree in: names that tell them apart, models that exist.
import { ATTACKS } from '../checks/attacks.js';
import { didYouMean } from './nearest.js';
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

export const checkRedteam = (server: NamedServer): Finding[] => [...names(server), ...models(server)];

function names({ redteam }: NamedServer): Finding[] {
  const guide = ATTACKS.map(({ name }) => name);
  return redteam.attacks.flatMap(({ name }, at) => {
    const path = ['redteam', 'attacks', at, 'name'];
    if (guide.includes(name)) return [finding(path, 'is the name of one of the guide’s attacks')];
    const isFirst = redteam.attacks.findIndex((each) => each.name === name) === at;
    return isFirst ? [] : [finding(path, 'is the name of an attack above it too')];
  });
}

function models({ redteam, models: { list } }: NamedServer): Finding[] {
  const known = list.map(({ name }) => name);
  return redteam.models.flatMap((name, at) => {
    if (known.includes(name)) return [];
    const hint = didYouMean(name, known) || `; there: ${known.join(', ')}`;
    return [finding(['redteam', 'models', at], `is no model of \`models.list\`${hint}`, ['models.list'])];
  });
}
