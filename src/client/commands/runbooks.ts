// `clincher runbooks`: what `clincher run` takes.
import { CATALOG, type Runbook } from '../../workflows/catalog.js';
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';
import { table } from '../view/table.js';

export const runbooks: Command<object> = async (io, options) => {
  if (isJson(options)) io.out(print(document('runbooks', { runbooks: CATALOG })));
  else
    io.out(
      `${table(
        CATALOG.map((book) => [book.name, kind(book), book.title]),
        answering(io),
      ).join('\n')}\n`,
    );
  return 0;
};

function kind({ mutating, danger }: Runbook): string {
  if (!mutating) return danger === 'ask' ? 'asks models, which costs money' : 'only looks';
  return danger === 'severe' ? 'cannot be taken back' : 'changes the server';
}
