// Drift that a person has looked at and lets be: remembered on the host by what differs, so that another difference is asked about.
import { createHash } from 'node:crypto';
import { AUDIT_LOG } from '../commands/audit-log.js';
import { recordIn, recordsIn } from '../commands/records.js';
import { sh } from '../commands/shell.js';
import { ClincherError } from '../errors.js';
import type { Acceptance, ChangeView, Server, Span } from '../model.js';
import type { AcceptDriftInput, AcceptedDriftInput } from './api.js';
import type { Deps } from './deps.js';
import { lastLines, Meter } from './host.js';
import { jobBody } from './script.js';

const PATH = '/var/lib/clincher/accepted-drift.json';
const accepted = recordsIn<Acceptance>(PATH);

/** Secrets in it are references or hashes of theirs, as in every plan. */
const fingerprint = (changes: readonly ChangeView[]): string =>
  createHash('sha256').update(JSON.stringify(changes)).digest('hex');

/** Those of the steps that differ just as they did when somebody accepted it. */
export async function acceptedDrift(
  deps: Deps,
  { server, steps }: AcceptedDriftInput,
  signal?: AbortSignal,
): Promise<{ accepted: Acceptance[]; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const [reading] = await host.read([accepted.read], { signal });
  const known = accepted.parse(reading!);
  const still = steps.flatMap(({ id, changes }) => {
    const last = known.findLast(({ step }) => step === id);
    return last?.sha256 === fingerprint(changes) ? [last] : [];
  });
  return { accepted: still, remote: meter.spans };
}

export async function acceptDrift(deps: Deps, input: AcceptDriftInput): Promise<void> {
  const { server, run, who, step } = input;
  const when = new Date(deps.now()).toISOString();
  const host = await deps.hosts.open(server, new Meter());
  const entry: Acceptance = { step: step.id, sha256: fingerprint(step.changes), who, when };
  const said = `${when} ${run} ${who} lets be how ${step.id} differs: ${step.changes.map(({ what }) => what).join('; ')}`;
  const note = { command: sh('mkdir -p "$(dirname -- "$1")"; printf "%s\\n" "$2" >>"$1"', AUDIT_LOG, said) };
  const { code, stderr } = await host.script(jobBody([recordIn(PATH, entry), note]));
  if (code !== 0) throw refused(server, step.id, stderr);
}

const refused = ({ name }: Server, step: string, stderr: string): ClincherError =>
  new ClincherError('STEP_FAILED', `${name} does not keep that ${step} may differ`, {
    evidence: lastLines(stderr),
  });
