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

export const treeScreen = (io: Io, now: () => number, webUrl: string | undefined): Screen =>
  new TreeScreen(io, now, webUrl);

class TreeScreen implements Screen {
  readonly wantsTails = true;
  /** Groups that stand above the live area and are never touched again. */
  readonly #printed = new Set<string>();
  #hasHeader = false;
  #live: string[] = [];
  #shown: Shown | undefined;
  #isPaused = false;
  #isHidden = false;
  #drawnAt = 0;
  #pending: NodeJS.Timeout | undefined;
  #ticker: NodeJS.Timeout | undefined;
  readonly #stopListening: () => void;

  constructor(
    private readonly io: Io,
    private readonly now: () => number,
    private readonly webUrl: string | undefined,
  ) {
    this.#stopListening = io.onExit(() => this.#showCursor());
  }

  update(state: RunState, tails: readonly Tail[]): void {
    const before = this.#shown;
    this.#shown = { state: structuredClone(state), tails };
    this.#ticker ??= setInterval(() => this.#draw(), TICK_MS);
    if (this.#isPaused || JSON.stringify(before) !== JSON.stringify(this.#shown)) this.#schedule();
    this.#isPaused = false;
  }

  note(text: string): void {
    this.io.err(`${this.#erase()}${text}\n`);
    this.#live = [];
    this.#draw();
  }

  pause(): void {
    this.#stop();
    this.#draw({ gates: false });
    this.#live = [];
    this.#isPaused = true;
    this.#showCursor();
  }

  end(state?: RunState): void {
    this.#stop();
    const isNews = state !== undefined && JSON.stringify(state) !== JSON.stringify(this.#shown?.state);
    if (state) this.#shown = { state, tails: [] };
    if (!this.#isPaused || isNews) this.#draw({ isLast: true });
    this.#showCursor();
    this.#stopListening();
  }

  #schedule(): void {
    const wait = MIN_REDRAW_MS - (this.now() - this.#drawnAt);
    if (wait <= 0) this.#draw();
    else
      this.#pending ??= setTimeout(() => {
        this.#pending = undefined;
        this.#draw();
      }, wait);
  }

  #stop(): void {
    clearTimeout(this.#pending);
    clearInterval(this.#ticker);
    this.#pending = undefined;
    this.#ticker = undefined;
  }

  #draw({ isLast = false, gates = true } = {}): void {
    if (!this.#shown) return;
    const { kept, open } = this.#parts(this.#shown, isLast);
    if (gates) open.push(...gateBlocks(this.#shown.state, this.io, this.now()));
    const before = this.#erase();
    // Only as much as the terminal shows can be redrawn in place.
    this.#live = isLast ? [] : open.slice(-Math.max(3, this.io.rows - 2));
    const lines = [...kept, ...(isLast ? open : this.#live)].map((line) => `${line}\n`);
    const hide = isLast || this.#isHidden ? '' : HIDE_CURSOR;
    this.#isHidden = this.#isHidden || !isLast;
    this.io.err(`${hide}${before}${lines.join('')}`);
    this.#drawnAt = this.now();
  }

  /** What is printed for good now, and what is drawn anew each time. */
  #parts({ state, tails }: Shown, isLast: boolean): { kept: string[]; open: string[] } {
    const kept = this.#hasHeader ? [] : [...header(state, this.io, this.webUrl), ''];
    this.#hasHeader = true;
    const open: string[] = [];
    groupBlocks(state, this.io, { now: this.now(), tails }).forEach((block, i) => {
      const name = state.groups[i]?.name ?? '';
      if (this.#printed.has(name)) return;
      const isKept = block.finished || isLast;
      if (isKept) this.#printed.add(name);
      (isKept ? kept : open).push(...block.lines);
    });
    return { kept, open };
  }

  /** Moves up over what was drawn and clears it; a narrower terminal has wrapped it meanwhile. */
  #erase(): string {
    const { columns } = this.io;
    const rows = this.#live.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / columns)), 0);
    return rows === 0 ? '' : `\u001b[${rows}A\r\u001b[J`;
  }

  #showCursor(): void {
    if (this.#isHidden) this.io.err(SHOW_CURSOR);
    this.#isHidden = false;
  }
}
