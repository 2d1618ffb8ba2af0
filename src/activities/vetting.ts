// Pins that no person has read on this host yet: what to show of each, and the record of who has read it.
import { AUDIT_LOG } from '../commands/audit-log.js';
import { recordVetting as record, vettingFor, vettings } from '../commands/skill-folders.js';
import { ClincherError } from '../errors.js';
import type { KindedPin, PinReview, Vetting } from '../model.js';
import { findingsIn } from '../pins/findings.js';
import { contentHash, pinsOf, shortPin, textOf, vettingOf } from '../stack/pins.js';
import type { RecordVettingInput, ReviewPinsInput } from './api.js';
import { selected, stepById } from './checklists.js';
import type { Deps } from './deps.js';
import { type Host, lastLines, Meter } from './host.js';
import { jobBody } from './script.js';

/** Of one text, on each side: a gate is read on a screen and stands in a history. The run's log has the whole. */
const SHOWN_CHARS = 16_000;

/** Those that the configuration vouches for are recorded, the rest is for a person. */
export async function reviewPins(
  deps: Deps,
  input: ReviewPinsInput,
  signal?: AbortSignal,
): Promise<PinReview[]> {
  const pins = pinsOf(input.server).filter((pin) => isAsked(pin, input));
  if (pins.length === 0) return [];
  const host = await deps.hosts.open(input.server, new Meter());
  const known = await recorded(host, signal);
  const open = pins.filter((pin) => vettingOf(known, pin) === undefined);
  const reviews = await Promise.all(open.map((pin) => review(deps, pin, known, input)));
  return reviews.flatMap((each) => each ?? []);
}

/** `--only` and `--from` leave steps out, and with them their questions. */
const isAsked = ({ kind }: KindedPin, { only, from }: ReviewPinsInput): boolean =>
  selected([stepById(`openclaw.${kind}s`)], { only, from }).chosen.length > 0;

async function recorded(host: Host, signal?: AbortSignal): Promise<Vetting[]> {
  const [reading] = await host.read([vettings.read], { signal });
  if (reading === undefined) throw new ClincherError('FACT_UNKNOWN', 'who has read what could not be asked');
  return vettings.parse(reading);
}

async function review(
  deps: Deps,
  pin: KindedPin,
  known: readonly Vetting[],
  input: ReviewPinsInput,
): Promise<PinReview | undefined> {
  const { files, sha256 } = await deps.pins.content(pin);
  if (pin.vetted?.sha256 === sha256) {
    await recordVetting(deps, { ...input, pin, sha256, who: `${pin.vetted.by} (clincher.yaml)` });
    return undefined;
  }
  const last = known.findLast((each) => each.kind === pin.kind && each.name === pin.name);
  const before = last === undefined ? '' : await textThen(deps, pin, last);
  const after = textOf(files);
  await deps.log.append(input.run, `vet.${pin.name}`, `${shortPin(pin)}, sha256 ${sha256}\n\n${after}\n`);
  const { kind, name, source, commit, path } = pin;
  return {
    ...{ kind, name, source, commit, path, sha256 },
    files: files.map((file) => ({ path: file.path, bytes: Buffer.byteLength(file.content) })),
    findings: findingsIn(files, input.server),
    ...(last === undefined ? {} : { lastCommit: last.commit }),
    before: before.slice(0, SHOWN_CHARS),
    after: after.slice(0, SHOWN_CHARS),
    cut: Math.max(0, after.length - SHOWN_CHARS),
  };
}

/** What was read last; where it cannot be had any more, everything counts as new. */
async function textThen(deps: Deps, pin: KindedPin, last: Vetting): Promise<string> {
  const { source, commit, path, sha256 } = last;
  const then = { ...pin, source, commit, path, executables: true };
  const found = await deps.pins.content(then).catch(() => undefined);
  return found !== undefined && contentHash(found.files) === sha256 ? textOf(found.files) : '';
}

export async function recordVetting(deps: Deps, input: RecordVettingInput): Promise<void> {
  const { server, run, who, pin, sha256 } = input;
  const when = new Date(deps.now()).toISOString();
  const host = await deps.hosts.open(server, new Meter());
  const audit = `${when} ${run} ${who} has read ${pin.kind} ${shortPin(pin)}, sha256 ${sha256}`;
  const note = {
    command: [
      'sh',
      '-c',
      'mkdir -p "$(dirname -- "$1")"; printf "%s\\n" "$2" >>"$1"',
      'sh',
      AUDIT_LOG,
      audit,
    ],
  };
  const { code, stderr } = await host.script(jobBody([record(vettingFor(pin, sha256, who, when)), note]));
  if (code === 0) return;
  throw new ClincherError('STEP_FAILED', `${server.name} does not keep who has read ${shortPin(pin)}`, {
    evidence: lastLines(stderr),
  });
}
