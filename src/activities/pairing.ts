// Who waits to be let in, and letting one of them in: a task, done once whatever is lost on the way, audited and read back.
import {
  decisionTitle,
  decisionWords,
  pairingNow,
  pairingReads,
  places,
  stillWaits,
  undecided,
} from '../commands/pairing.js';
import { ClincherError } from '../errors.js';
import type { PairingNow, Reading, Server } from '../model.js';
import type { DecideInput, DecideResult, PairingResult } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { type Host, lastLines, Meter } from './host.js';
import { asked } from './partition-words.js';
import { claim } from './preflight.js';
import { jobBody, jobState } from './script.js';

/** OpenClaw's command line takes seconds, and a minute on a small host that is busy. */
const READ_MS = 80_000;
const DECIDE_MS = 5 * 60_000;

export async function pairing(
  deps: Deps,
  { server }: { server: Server },
  signal: AbortSignal,
): Promise<PairingResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  return { now: await look(host, places(server), signal), remote: meter.spans };
}

/** One after the other: two of its command lines at once starve the gateway, which then hangs up on both. */
async function look(host: Host, where: string[], signal: AbortSignal): Promise<PairingNow> {
  const readings: Reading[] = [];
  for (const command of pairingReads(where))
    readings.push(...(await host.read([command], { timeoutMs: READ_MS, signal })));
  return pairingNow(where, readings);
}

export async function decidePairing(deps: Deps, input: DecideInput, beat: Beat): Promise<DecideResult> {
  const { server, decision } = input;
  // Only where it waits: each look costs seconds.
  const where = [decision.request.channel];
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  await claim(deps, host, input);
  // A former attempt may have done it, and then nobody waits any more: its result is found, never made twice.
  const { stdout } = await host.script(jobState(input.key), { signal: beat.signal });
  if (stdout.startsWith('none')) mustWait(await look(host, where, beat.signal), input);
  await act(deps, host, input, beat);
  const wrong = undecided(await look(host, where, beat.signal), decision);
  if (wrong !== undefined) throw unproved(input, wrong);
  return { changes: [{ what: decisionTitle(decision) }], remote: meter.spans };
}

/** The person agreed to let in whom they saw, and nobody else who came by that code since. */
function mustWait(now: PairingNow, { server, decision: { request } }: DecideInput): void {
  if (stillWaits(now, request)) return;
  if (now.unknown.length > 0) throw new ClincherError('FACT_UNKNOWN', now.unknown.join('; '));
  const waits = now.requests.map(({ id, channel, subject }) => `waits: ${id}, ${channel} ${subject}`);
  throw new ClincherError('PAIRING_NOT_FOUND', `${request.id} does not wait any more`, {
    evidence: waits,
    remedy: [`clincher pairing ls -s ${server.name}`],
  });
}

async function act(deps: Deps, host: Host, input: DecideInput, beat: Beat): Promise<void> {
  const { key, run, who, decision } = input;
  const what = decisionTitle(decision);
  const job = await host.job(
    {
      key,
      body: jobBody([{ command: asked(input.server, decisionWords(decision)) }]),
      audit: [`${run} ${who} pairing.${decision.act} ${what}`],
      changes: JSON.stringify([{ what }]),
      timeoutMs: DECIDE_MS,
    },
    { signal: beat.signal, onOutput: beat.say },
  );
  const log = deps.secrets.redact(job.log);
  await deps.log.append(run, `pairing.${decision.act}`, log);
  if (job.exitCode !== 0) throw unproved(input, `openclaw ended with ${job.exitCode}`, lastLines(log));
}

const unproved = ({ decision }: DecideInput, why: string, evidence: string[] = []): ClincherError =>
  new ClincherError('PAIRING_FAILED', `not proved that ${decisionTitle(decision)}: ${why}`, {
    evidence,
  });
