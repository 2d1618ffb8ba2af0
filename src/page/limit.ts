// How often somebody may ask within a minute.

const WINDOW_MS = 60_000;

export class Limit {
  #counts = new Map<string, number>();
  #until = 0;

  constructor(
    private readonly most: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Counts this one; true when it is one too many. */
  isReached(who: string): boolean {
    if (this.now() >= this.#until) {
      this.#counts = new Map();
      this.#until = this.now() + WINDOW_MS;
    }
    const count = (this.#counts.get(who) ?? 0) + 1;
    this.#counts.set(who, count);
    return count > this.most;
  }
}
