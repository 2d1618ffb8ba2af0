// The tree in place: finished groups are printed once and stay in the scrollback, the rest is redrawn below them.
import type { RunState } from '../../model.js';
import type { Io } from '../io.js';
import type { Tail } from '../view/steps.js';
import { width } from '../view/text.js';
import { gateBlocks, groupBlocks, header } from '../view/tree.js';
import type { Screen } from './screen.js';

const MIN_REDRAW_MS = 100;
const TICK_MS = 1_000;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

interface Shown {
  state: RunState;
  tails: readonly Tail[];
}

export function treeScreen(io: Io, now: () => number, webUrl: string | undefined): Screen {
  const printed = new Set<string>();
  let hasHeader = false;
  let live: string[] = [];
  let shown: Shown | undefined;
  let isHidden = false;
  let drawnAt = 0;
  let pending: NodeJS.Timeout | undefined;
  let ticker: NodeJS.Timeout | undefined;

  const restore = (): void => {
    if (isHidden) io.err(SHOW_CURSOR);
    isHidden = false;
  };
  const stopListening = io.onExit(restore);

  const draw = (isLast: boolean, withGates = true): void => {
    if (!shown) return;
    const { state, tails } = shown;
    const kept: string[] = hasHeader ? [] : [...header(state, io, webUrl), ''];
    hasHeader = true;
    const open: string[] = [];
    groupBlocks(state, io, { now: now(), tails }).forEach((block, i) => {
      const name = state.groups[i]?.name ?? '';
      if (printed.has(name)) return;
      if (block.finished || isLast) {
        printed.add(name);
        kept.push(...block.lines);
      } else open.push(...block.lines);
    });
    if (withGates) open.push(...gateBlocks(state, io, now()));
    const before = erase(live, io.columns);
    // Only as much as the terminal shows can be redrawn in place.
    live = isLast ? [] : open.slice(-Math.max(3, io.rows - 2));
    const lines = [...kept, ...(isLast ? open : live)];
    const hide = isLast || isHidden ? '' : HIDE_CURSOR;
    isHidden = !isLast;
    io.err(`${hide}${before}${lines.map((line) => `${line}\n`).join('')}${isLast ? SHOW_CURSOR : ''}`);
    drawnAt = now();
  };

  const schedule = (): void => {
    const wait = MIN_REDRAW_MS - (now() - drawnAt);
    if (wait <= 0) draw(false);
    else
      pending ??= setTimeout(() => {
        pending = undefined;
        draw(false);
      }, wait);
  };
  const stop = (): void => {
    clearTimeout(pending);
    clearInterval(ticker);
    pending = undefined;
    ticker = undefined;
  };

  return {
    wantsTails: true,
    update: (state, tails) => {
      const before = shown;
      shown = { state: structuredClone(state), tails };
      ticker ??= setInterval(() => draw(false), TICK_MS);
      if (!before || JSON.stringify(before) !== JSON.stringify(shown)) schedule();
    },
    note: (text) => {
      io.err(`${erase(live, io.columns)}${text}\n`);
      live = [];
      draw(false);
    },
    pause: () => {
      stop();
      draw(false, false);
      live = [];
      restore();
    },
    end: (state) => {
      stop();
      if (state) shown = { state, tails: [] };
      draw(true);
      restore();
      stopListening();
    },
  };
}

/** Moves up over what was drawn and clears it; a narrower terminal has wrapped it meanwhile. */
function erase(lines: readonly string[], columns: number): string {
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / columns)), 0);
  return rows === 0 ? '' : `\u001b[${rows}A\r\u001b[J`;
}
