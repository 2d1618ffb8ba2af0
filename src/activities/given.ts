// A secret that others have made gives way to a new one: who holds it now, and whether its maker takes it.
import { createHash } from 'node:crypto';
import { type HeldNow, heldNow } from '../commands/held-secrets.js';
import { ClincherError } from '../errors.js';
import type { ChangeView, HeldSecret, Judge, SecretRef, Server } from '../model.js';
import { nextOf } from '../secrets/rotation.js';
import { heldSecrets } from '../stack/held-secrets.js';
import type { GivenInput, NewSecret, ProveGivenInput, TaskResult } from './api.js';
import { Asker } from './asker.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { judgeChannel } from './judge-channel.js';
import { judgeProvider } from './judge-provider.js';

/** Docker calls a container that was paused for a backup unhealthy until it has asked it again. */
const CALM_MS = 60_000;
const PAUSE_MS = 3_000;

/** Whether a new value waits in the vault already, put in by a person before the run. */
export async function findNew({ secrets }: Deps, { server, ref }: GivenInput): Promise<NewSecret> {
  const missing = await secrets.missing([nextOf(ref)], server);
  return { isThere: missing.length === 0 };
}

/** Throws NOT_ROTATED unless every place holds the value of the vault and, where somebody can be asked, it is good. */
export async function proveGiven(deps: Deps, input: ProveGivenInput, beat: Beat): Promise<TaskResult> {
  const { server, ref, isAsked } = input;
  const asker = new Asker(deps, server, beat.signal);
  const places = heldSecrets(server).filter((each) => each.ref === ref);
  const wrong =
    places.length === 0 ? [`nothing on ${server.name} uses it`] : await notHeld(deps, asker, ref, places);
  if (wrong.length > 0) throw notRotated(deps, input, wrong);
  const changes = [{ what: `${containersOf(places)} has it: the hashes agree` }];
  const judges = isAsked ? distinct(places) : [];
  for (const judge of judges) changes.push(await judged(deps, asker, input, judge, beat));
  return { changes, remote: asker.meter.spans };
}

const containersOf = (places: readonly HeldSecret[]): string =>
  [...new Set(places.map(({ container }) => container))].join(', ');

/** Two keys of one channel are one question. */
const distinct = (places: readonly HeldSecret[]): Judge[] => [
  ...new Map(places.map(({ judge }) => [JSON.stringify(judge), judge])).values(),
];

async function notHeld(
  deps: Deps,
  asker: Asker,
  ref: SecretRef,
  places: readonly HeldSecret[],
): Promise<string[]> {
  const wanted = sha256(await deps.secrets.reveal(ref, asker.server));
  const until = deps.now() + CALM_MS;
  for (;;) {
    const now = await asker.ask(heldNow(places));
    const wrong = places.flatMap((place, i) => trouble(place, now[i]!, wanted));
    if (wrong.length === 0 || deps.now() > until) return wrong;
    await deps.sleep(PAUSE_MS, asker.signal);
  }
}

const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

function trouble({ container, variable, field }: HeldSecret, now: HeldNow, wanted: string): string[] {
  if (now.status !== 'running') return [`${container} is ${now.status}`];
  if (now.sha256 !== wanted)
    return [
      `${container} has ${now.sha256 === undefined ? 'no value' : 'another value'} in ${variable ?? field}`,
    ];
  return now.health === 'healthy' || now.health === '' ? [] : [`${container} is ${now.health}`];
}

async function judged(
  deps: Deps,
  asker: Asker,
  input: ProveGivenInput,
  judge: Judge,
  beat: Beat,
): Promise<ChangeView> {
  if (judge.by === 'nobody') return { what: 'nobody can be asked whether it is good: whoever uses it hears' };
  const judgement =
    judge.by === 'model'
      ? await judgeProvider(asker, judge.provider)
      : await judgeChannel(deps, input.server, judge.channel, beat);
  if (judgement.verdict !== 'pass') throw notRotated(deps, input, judgement.evidence, judgement.remedy);
  return { what: judgement.evidence.map(deps.secrets.redact).join('; ') };
}

function notRotated(
  { secrets }: Deps,
  { server, ref }: Pick<ProveGivenInput, 'ref'> & { server: Server },
  evidence: readonly string[],
  remedy: readonly string[] = [],
): ClincherError {
  const [first = 'it is not proved'] = evidence.map(secrets.redact);
  return new ClincherError('NOT_ROTATED', `${ref} on ${server.name}: ${first}`, {
    evidence: evidence.map(secrets.redact),
    ...(remedy.length > 0 ? { remedy } : {}),
  });
}
