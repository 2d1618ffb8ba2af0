// How long each part of a recovery took, and how much of that waited for people.
import type { Phase, RunState } from '../model.js';

export class Phases {
  readonly #done: Phase[] = [];

  constructor(private readonly state: RunState) {}

  /** A part that fails has taken its time too. */
  async of<T>(name: string, work: () => Promise<T>): Promise<T> {
    const began = Date.now();
    const waited = waitedMs(this.state);
    try {
      return await work();
    } finally {
      const ms = Date.now() - began;
      this.#done.push({ name, ms, waitedMs: Math.min(ms, waitedMs(this.state) - waited) });
      this.state.phases = [...this.#done];
    }
  }
}

/** Gates that were open at the same time count once. */
function waitedMs({ answered = [] }: RunState): number {
  const spans = answered
    .map(({ openedAt, answeredAt }) => [Date.parse(openedAt), Date.parse(answeredAt)] as const)
    .sort(([a], [b]) => a - b);
  let [sum, until] = [0, 0];
  for (const [from, to] of spans) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** A line of all parts, without what people took for their answers. */
export function toldPhases(phases: readonly Phase[]): string {
  const parts = phases.map(({ name, ms, waitedMs: waited }) => `${name} ${seconds(ms - waited)}`);
  const sum = phases.reduce((all, { ms, waitedMs: waited }) => all + ms - waited, 0);
  const people = phases.reduce((all, { waitedMs: waited }) => all + waited, 0);
  return `${parts.join(' · ')} · together ${seconds(sum)}, and ${seconds(people)} for people’s answers`;
}
