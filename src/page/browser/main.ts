// In the browser: shows what waits and what runs, asks again every few seconds while it is looked at, and sends answers.
import type { Answer, Receipt, Seen, SeenRun } from '../seen.js';
import { ask, NotTaken } from './ask.js';
import { card, cardKey } from './card.js';
import { byId, el } from './dom.js';
import { forget, ticket } from './ticket.js';

const EVERY_MS = 5_000;
/** Nothing that comes later makes such a link good. */
const OVER = new Set([
  'LINK_INVALID',
  'LINK_USED',
  'LINK_EXPIRED',
  'NO_SUCH_GATE',
  'RUN_NOT_FOUND',
  'PAGE_REFUSED',
]);

const cards = new Map<string, HTMLElement>();
const opened = ticket();
let isOver = false;
/** Whether the link is to one gate: with its answer the link is over. */
let isOfOne = false;

const tell = (text: string): void => {
  byId('told').textContent = text;
};

async function send(answer: Answer): Promise<Receipt> {
  const receipt = await ask<Receipt>('answer', opened!, answer);
  if (!receipt.accepted) return receipt;
  cards.get(cardKey(answer))?.replaceChildren(done(answer));
  if (isOfOne) close('Thank you. This link is over.');
  return receipt;
}

const done = ({ gate, run }: Answer): HTMLElement =>
  el('p', { textContent: `${gate} is answered; run ${run} goes on.` });

function show({ gates, runs }: Seen): void {
  const open = new Set(gates.map(cardKey));
  for (const [key, shown] of cards) if (!open.has(key)) cards.delete(key) && shown.remove();
  for (const gate of gates) {
    const key = cardKey(gate);
    // What is there stays as it is: somebody may be typing into it.
    if (!cards.has(key)) byId('gates').append(cards.set(key, card(gate, send)).get(key)!);
  }
  tell(
    gates.length === 0
      ? 'Nothing waits for you.'
      : `${gates.length} ${gates.length === 1 ? 'waits' : 'wait'} for you`,
  );
  isOfOne = runs === undefined;
  if (runs) byId('runs').replaceChildren(...runRows(runs));
}

const runRows = (runs: readonly SeenRun[]): HTMLElement[] =>
  runs.length === 0
    ? []
    : [
        el('h3', { textContent: 'Runs' }),
        el('ul', {}, ...runs.map((run) => el('li', { textContent: runLine(run) }))),
      ];

const runLine = ({ server, runbook, run, status, now }: SeenRun): string =>
  [`${server} ${runbook} ${run}: ${status}`, ...now].join(' · ');

function close(words: string): void {
  isOver = true;
  forget();
  tell(words);
}

function over({ message, remedy }: NotTaken): void {
  close('This link is over.');
  cards.clear();
  byId('runs').replaceChildren();
  byId('gates').replaceChildren(
    el('p', { className: 'bad', textContent: message }),
    el('ul', {}, ...remedy.map((line) => el('li', {}, el('code', { textContent: line })))),
  );
}

async function look(): Promise<void> {
  if (isOver || document.hidden || opened === undefined) return;
  try {
    show(await ask<Seen>('look', opened));
  } catch (error) {
    if (error instanceof NotTaken && OVER.has(error.code)) over(error);
    else tell((error as Error).message);
  }
}

if (opened === undefined) over(new NotTaken('LINK_INVALID', 'The page opens by a link.', ['clincher page']));
document.addEventListener('visibilitychange', () => void look());
setInterval(() => void look(), EVERY_MS);
void look();
