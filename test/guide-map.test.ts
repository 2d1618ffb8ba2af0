import { expect, test } from 'vitest';
import { GUIDE, type Section } from '../scripts/guide-map.js';
import { CHECKS } from '../src/checks/index.js';
import { COMMANDS } from '../src/client/grammar/index.js';
import { schemaAt } from '../src/config/keys.js';
import { serverSchema } from '../src/config/schema.js';
import { CHECKLISTS, STEPS } from '../src/steps/index.js';
import { CATALOG } from '../src/workflows/catalog.js';

const exists: Record<string, (id: string) => boolean> = {
  checklist: (id) => CHECKLISTS.some((list) => list.id === id),
  step: (id) => STEPS.some((step) => step.id === id),
  check: (id) => CHECKS.some((check) => check.id === id),
  runbook: (id) => CATALOG.some(({ name }) => name === id),
  command: (id) => COMMANDS.some(({ name }) => name === id),
  key: (id) => schemaAt(serverSchema(), id.split('.')) !== undefined,
};

const nameOf = ({ id, title }: Section): string => `${id} ${title}`;

test.each(GUIDE.map((section) => [nameOf(section), section] as const))(
  '%s: each that is named exists',
  (_, { by }) => {
    const wrong = by.filter((doer) => {
      const [kind = '', ...id] = doer.split(' ');
      return exists[kind]?.(id.join(' ')) !== true;
    });
    expect(wrong).toEqual([]);
  },
);

test('the lookups can fail', () => {
  for (const isThere of Object.values(exists)) expect(isThere('no.such-thing')).toBe(false);
});

test('every section of the guide is there, and one that nothing does says why', () => {
  const ids = new Set(GUIDE.map(({ id }) => id));
  const chapters = [...Array(15)].map((_, at) => String(at + 1)).filter((id) => id !== '13');
  const parts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((part) => `13.${part}`);
  for (const id of ['local', 'ansible', ...chapters, '5.1', '5.2', '11.5', ...parts, '13.2.1', '13.13'])
    expect(ids, id).toContain(id);
  expect(GUIDE.filter(({ by, but }) => by.length === 0 && but === undefined).map(nameOf)).toEqual([]);
});

test('every runbook and every checklist is somebody’s', () => {
  const named = new Set(GUIDE.flatMap(({ by }) => by) as string[]);
  const steps = [...named].filter((doer) => doer.startsWith('step ')).map((doer) => doer.slice(5));
  const runbooks = CATALOG.map(({ name }) => name).filter((name) => !named.has(`runbook ${name}`));
  // Parts of provision, and looks, which the commands of their names are.
  expect(runbooks.filter((name) => !['harden', 'plan'].includes(name))).toEqual([]);
  const lists = CHECKLISTS.filter(
    ({ id, steps: own }) => !named.has(`checklist ${id}`) && !own.some((step) => steps.includes(step.id)),
  );
  expect(lists.map(({ id }) => id)).toEqual(['prune']);
});
