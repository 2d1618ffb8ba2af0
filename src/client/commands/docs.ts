// `clincher docs <step | check | config key | error code>`: the same words that the tables in the code have.
import { CHECKS } from '../../checks/index.js';
import { PAGES } from '../../checks/pages.js';
import { didYouMean } from '../../config/nearest.js';
import { ClincherError, ERRORS, EXIT_CODES } from '../../errors.js';
import type { Vantage } from '../../model.js';
import { STEPS } from '../../steps/index.js';
import { keyDocs } from '../config-docs.js';
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { page } from '../page.js';
import { isCode } from '../view/error.js';
import { document, print } from '../view/json.js';
import { answering, paint, type View } from '../view/style.js';
import { wrap } from '../view/text.js';

export interface DocsOptions {
  about?: string;
  schema?: boolean;
}

interface Page {
  title: string;
  text: string[];
  /** Words and what they stand for. */
  facts: [string, string][];
}

export const docs: Command<DocsOptions> = async (io, options) => {
  if (options.schema) {
    const { jsonSchemas } = await import('../view/schemas.js');
    io.out(`${JSON.stringify(jsonSchemas(), undefined, 2)}\n`);
    return 0;
  }
  if (options.about === undefined)
    throw new ClincherError(
      'USAGE',
      'What about? A step, a check, a key of clincher.yaml, or an error code.',
      {
        remedy: [
          'clincher steps',
          'clincher docs verify.budget',
          'clincher docs ssh',
          'clincher docs LOCKED',
        ],
      },
    );
  const { about } = options;
  const found = stepPage(about) ?? checkPage(about) ?? errorPage(about) ?? (await keyPage(about));
  if (!found) throw unknown(options.about);
  if (isJson(options))
    io.out(
      print(document('docs', { about: options.about, ...found, facts: Object.fromEntries(found.facts) })),
    );
  else await page(io, `${pageView(found, answering(io)).join('\n')}\n`);
  return 0;
};

function unknown(about: string): ClincherError {
  const known = [...STEPS, ...CHECKS].map(({ id }) => id).concat(Object.keys(ERRORS));
  return new ClincherError('USAGE', `Nothing is called "${about.slice(0, 80)}"${didYouMean(about, known)}.`, {
    remedy: ['clincher steps', 'clincher config schema'],
  });
}

function stepPage(id: string): Page | undefined {
  const step = STEPS.find((one) => one.id === id);
  if (!step) return undefined;
  const guard: [string, string][] = step.guard
    ? [['guarded', 'reverts by itself unless a new login is proved']]
    : [];
  return { title: `${step.id}  ${step.title}`, text: [step.why], facts: [['source', step.source], ...guard] };
}

const VANTAGES: Record<Vantage, string> = {
  host: 'on the server',
  outside: 'from another machine: `clincher verify --vantage` chooses which',
  vault: 'in the vault, beside clincher.yaml',
};

function checkPage(id: string): Page | undefined {
  const check = CHECKS.find((one) => one.id === id);
  if (!check) return undefined;
  const page = PAGES[id];
  const fix =
    page?.mendedBy === undefined ? [] : [`clincher run provision -s <server> --only '${page.mendedBy}'`];
  return {
    title: `${check.id}  ${check.title}`,
    text: [check.why],
    facts: [
      ...told('asks', page?.asks),
      ['from', VANTAGES[check.vantage]],
      ...told('fails', page?.fails),
      ...fixes([...fix, `clincher verify -s <server> --only ${id} -v`]),
      ['source', check.source],
    ],
  };
}

const told = (word: string, text: string | undefined): [string, string][] =>
  text === undefined ? [] : [[word, text]];

const fixes = (lines: readonly string[]): [string, string][] =>
  lines.map((line, i) => [i === 0 ? 'fix' : 'or', line]);

function errorPage(code: string): Page | undefined {
  const name = code.toUpperCase();
  if (!isCode(name)) return undefined;
  const { summary, remedy, exitCode, retryable } = ERRORS[name];
  return {
    title: name,
    text: [summary],
    facts: [
      ['exit', `${exitCode}  ${EXIT_CODES[exitCode] ?? ''}`],
      ['retry', retryable ? 'by itself, some times' : 'not by itself'],
      ...fixes(remedy),
    ],
  };
}

async function keyPage(key: string): Promise<Page | undefined> {
  const found = await keyDocs(key);
  if (!found) return undefined;
  const facts: [string, string][] = [['type', found.type]];
  if (found.fallback !== undefined) facts.push(['default', found.fallback]);
  return { title: found.path, text: [found.description], facts: [...facts, ...found.children] };
}

function pageView(page: Page, view: View): string[] {
  const wide = Math.max(0, ...page.facts.map(([word]) => word.length));
  const room = Math.max(30, Math.min(view.columns, 100) - wide - 4);
  return [
    paint(view, 'bold', page.title),
    ...page.text.flatMap((text) => wrap(text, Math.min(view.columns, 100))),
    ...(page.facts.length > 0 ? [''] : []),
    ...page.facts.flatMap(([word, text]) =>
      wrap(text, room).map((line, i) => `${paint(view, 'dim', (i === 0 ? word : '').padEnd(wide))}  ${line}`),
    ),
  ];
}
