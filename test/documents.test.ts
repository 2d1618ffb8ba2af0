import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALL, OURS, PAGES, read, type Typed } from '../scripts/documented.js';
import { COMMANDS } from '../src/client/grammar/index.js';
import { STEPS } from '../src/steps/index.js';
import { projectRoot } from '../src/temporal/paths.js';
import { CATALOG } from '../src/workflows/catalog.js';
import { dispatched, words } from './client/words.js';

const ROOT = projectRoot();

/** In a sentence `clincher pairing approve` names a command, and says nothing of its arguments. */
async function mistakeIn({ line, isBlock }: Typed): Promise<string | undefined> {
  // A remedy may say in brackets what it does.
  const own = words(line.replace(/ \([^)]*\)$/, ''));
  // How a usage and a sentence leave the rest open.
  if (['…', '[flags]'].includes(own.at(-1) ?? '')) own.pop();
  if (own[0] === '--help') return undefined;
  if (own.some((word) => /^[<[]/.test(word)) && !isBlock)
    return isKnown(own) ? (own[0] === 'run' ? runbookIn(own[1]) : undefined) : 'there is no such command';
  try {
    const name = await dispatched(own);
    if (name === undefined && own[0] !== 'help') return 'runs nothing';
    return name === 'run' ? runbookIn(own[1]) : stepIn(own);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const isNamed = /missing|required/i.test(`${code} ${message}`) || isGroup(own);
    return isNamed && !isBlock ? undefined : message;
  }
}

const isGroup = (own: readonly string[]): boolean =>
  COMMANDS.some(({ name }) => name.startsWith(`${own.join(' ')} `));

/** Of a usage, whose arguments stand for themselves. */
const isKnown = (own: readonly string[]): boolean =>
  COMMANDS.some(({ name }) => name === own[0] || name === `${own[0]} ${own[1]}`);

const runbookIn = (name: string | undefined): string | undefined =>
  name === undefined || /^[<…{]/.test(name) || CATALOG.some((book) => book.name === name)
    ? undefined
    : `there is no runbook ${name}`;

function stepIn(own: readonly string[]): string | undefined {
  const step = own[own.indexOf('--only') + 1];
  if (!own.includes('--only') || step === undefined || /[*<]|^verify|^kept/.test(step)) return undefined;
  return STEPS.some(({ id }) => id === step) ? undefined : `there is no step ${step}`;
}

describe('every command that a page shows', () => {
  test('there are some, or nothing below would mean anything', () => {
    expect(OURS.filter(({ isBlock }) => isBlock).length).toBeGreaterThan(150);
    expect(OURS.filter(({ isBlock }) => !isBlock).length).toBeGreaterThan(100);
  });

  test.each(PAGES)('%s: is taken by the real parser', async (page) => {
    const wrong: string[] = [];
    for (const one of OURS.filter(({ place }) => place.startsWith(`${page}:`))) {
      const mistake = await mistakeIn(one);
      if (mistake !== undefined) wrong.push(`${one.place} ${one.line}: ${mistake}`);
    }
    expect(wrong).toEqual([]);
  });

  test('a command that does not exist is found', async () => {
    for (const line of [
      'clincher runn provision',
      'clincher status --sever prod',
      'clincher run provison -s prod',
    ])
      expect(await mistakeIn({ place: '', line, isBlock: false }), line).toBeDefined();
    expect(await mistakeIn({ place: '', line: 'clincher show', isBlock: true })).toMatch(/missing/);
    expect(await mistakeIn({ place: '', line: 'clincher show', isBlock: false })).toBeUndefined();
  });

  test('npm scripts, proofs and files are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const proofs = read('test/e2e/main.ts');
    const wrong = ALL.flatMap(({ place, line }) => {
      const script = /\bnpm run (?:-s )?([\w-]+)/.exec(line)?.[1];
      const proof = /\bnpm run e2e -- ([a-z][\w-]*)/.exec(line)?.[1];
      const path = /\bnpx vitest run --project \w+ (test\/\S+)/.exec(line)?.[1];
      return [
        ...(script === undefined || script in scripts ? [] : [`${place} npm run ${script}`]),
        ...(proof === undefined || new RegExp(`['\\s]${proof}\\b`).test(proofs)
          ? []
          : [`${place} proof ${proof}`]),
        ...(path === undefined || existsSync(join(ROOT, path)) ? [] : [`${place} ${path}`]),
      ];
    });
    expect(wrong).toEqual([]);
  });

  test('links between pages lead somewhere', () => {
    const wrong = PAGES.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, to = '']) => join(ROOT, page, '..', to))
        .filter((to) => !existsSync(to))
        .map((to) => `${page} → ${to.slice(ROOT.length + 1)}`),
    );
    expect(wrong).toEqual([]);
  });
});
