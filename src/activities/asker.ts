// Asks a server one thing after the other and keeps the time; what could not be asked is unknown, and no reason to stop.
import { ClincherError } from '../errors.js';
import type { CheckResult, Fact, Judgement, Server } from '../model.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';

/** The gateway's command line takes minutes on a small host that is busy. */
const TIMEOUT_MS = 14 * 60_000;

export class Asker {
  readonly meter = new Meter();

  constructor(
    private readonly deps: Deps,
    readonly server: Server,
    readonly signal: AbortSignal | undefined,
  ) {}

  async ask<T>(fact: Fact<T>): Promise<T> {
    const host = await this.deps.hosts.open(this.server, this.meter);
    const [reading] = await host.read([fact.read], { timeoutMs: TIMEOUT_MS, signal: this.signal });
    return fact.parse(reading!);
  }

  /** What could not be asked is unknown, and no reason to leave everything else unasked; a host that is away is one. */
  async tried<T>(fact: Fact<T>): Promise<T | Error> {
    return this.ask(fact).catch((error: Error) => {
      if (error instanceof ClincherError || this.signal?.aborted) throw error;
      return error;
    });
  }

  unknown = ({ message }: Error): Judgement => ({
    verdict: 'unknown',
    evidence: [message || 'it could not be asked, and does not say why'],
    remedy: [`clincher verify -s ${this.server.name}`],
  });

  /** Evidence is what models say: whatever it holds of our secrets does not leave. */
  result(about: Omit<CheckResult, keyof Judgement>, judgement: Judgement): CheckResult {
    const { redact } = this.deps.secrets;
    return { ...about, ...judgement, evidence: judgement.evidence.map(redact) };
  }
}
