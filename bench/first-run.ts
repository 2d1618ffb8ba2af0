// First provision of a bare host: how long, how much of it is the host's own work, and how much of that overlaps.
import type { ProvisionJson, Rig, SshSpan } from './rig.js';
import { clipped, covered, type Span } from './spans.js';

export interface FirstRun {
  wallMs: number;
  /** Time in which at least one remote command ran or one connection was being made, as seen at the SSH library. */
  remoteMs: number;
  /** Wall time without it, as a share. */
  ownShare: number;
  /** Where that own time lies, the longest gaps first. */
  gaps: { afterMs: number; ms: number }[];
  stepsMs: number;
  /** Sum of the steps' times over the wall time: above 1, work overlapped. */
  overlap: number;
  roundTrips: number;
  connections: number;
  events: number;
  activities: number;
  outcome: ProvisionJson['outcome'];
}

export async function firstRun(rig: Rig): Promise<FirstRun> {
  rig.say('first run: provisioning a bare host');
  const { ms, state, window } = await rig.provision();
  const spans = rig.sshSpans().filter((span) => span.end > window.start && span.start < window.end);
  const remoteMs = covered(clipped(spans, window));
  const stepsMs = state.steps.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  return {
    wallMs: ms,
    remoteMs,
    ownShare: (ms - remoteMs) / ms,
    gaps: gaps(spans, window).slice(0, 8),
    stepsMs,
    overlap: stepsMs / ms,
    roundTrips: count(spans, 'command'),
    connections: count(spans, 'connection'),
    ...(await counts(rig, state.run)),
    outcome: state.outcome,
  };
}

export const count = (spans: readonly SshSpan[], kind: SshSpan['kind']): number =>
  spans.filter((span) => span.kind === kind).length;

export async function counts(rig: Rig, run: string): Promise<{ events: number; activities: number }> {
  const { stdout } = await rig.clincher('show', run, '--counts', '--json');
  const { events, activities } = (JSON.parse(stdout) as { history: { events: number; activities: number } })
    .history;
  return { events, activities };
}

function gaps(spans: readonly Span[], window: Span): FirstRun['gaps'] {
  const found: FirstRun['gaps'] = [];
  let until = window.start;
  const end = { start: window.end, end: window.end };
  for (const span of [...spans.toSorted((a, b) => a.start - b.start), end]) {
    if (span.start > until) found.push({ afterMs: until - window.start, ms: span.start - until });
    until = Math.max(until, span.end);
  }
  return found.toSorted((a, b) => b.ms - a.ms);
}
