// What the rows of a soak may ask: checks, the watchdog's look, and other runs in their turn.
import type { CheckResult, Observed, Proof, RunInput, RunState } from '../model.js';
import { reads, slowReads } from './activities.js';
import { findRunbook } from './catalog.js';
import { wrongOf } from './not-proved.js';
import { begun } from './turn.js';

/** A backup or a drill may be at work. */
const PATIENCE_SECONDS = 2 * 3600;

export class Look {
  /** Docker's counters at the first look. */
  #first: Observed['restarts'] | undefined;
  #now: Promise<Observed> | undefined;

  constructor(private readonly input: RunInput) {}

  /** What the hour before has seen is old. */
  hourBegins(): void {
    this.#now = undefined;
  }

  /** Those that do not hold of the checks that match, and how many were asked. */
  async proved(only: string): Promise<{ wrong: CheckResult[]; asked: number }> {
    const proof: Proof = await slowReads.prove.executeWithOptions({ summary: `prove ${only}` }, [
      { server: this.input.server, only },
    ]);
    return { wrong: wrongOf(proof.checks), asked: proof.checks.length };
  }

  /** Once an hour, however many rows ask. */
  watched(): Promise<Observed> {
    this.#now ??= this.#looked();
    return this.#now;
  }

  async #looked(): Promise<Observed> {
    const { server } = this.input;
    const seen = await reads.watchServer({ server, restarts: {}, inFull: true });
    this.#first ??= seen.restarts;
    return seen;
  }

  /** Starts over by Docker since the first look, by container; a start by hand counts from none. */
  async restarted(): Promise<Record<string, number>> {
    const { restarts } = await this.watched();
    const rise = ([name, { seen }]: [string, { seen: number }]): [string, number] => {
      const before = this.#first?.[name]?.seen ?? 0;
      return [name, seen < before ? seen : seen - before];
    };
    return Object.fromEntries(Object.entries(restarts).map(rise));
  }

  /** A run of its own, under the server's lock, when it is its turn. */
  async ran(runbook: string): Promise<RunState> {
    const { server, who } = this.input;
    const input: RunInput = { server, who, onFailure: 'abort' };
    const readOnly = findRunbook(runbook)?.mutating === false;
    const turn = { server: server.name, runbook, patienceSeconds: PATIENCE_SECONDS, readOnly, input };
    return (await (await begun(turn, 'REQUEST_CANCEL')).result()) as RunState;
  }
}
