// `clincher runbooks`: what `clincher run` takes.
import { CATALOG } from '../../workflows/catalog.js';
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

const kind = (book: (typeof CATALOG)[number]): string =>
  !book.mutating ? 'only looks' : book.danger === 'severe' ? 'cannot be taken back' : 'changes the server';
