// The list of ways out is changed: looked at, tried by Smokescreen itself, and every door asked before and after.
import { broken, outcome, targetsOf, unsound } from '../checks/egress-change.js';
import { type Answers, connects, NOT_TAKEN, tidy, tryList } from '../commands/egress.js';
import { file } from '../commands/files.js';
import { ClincherError } from '../errors.js';
import type { ChangeView, Server, Span } from '../model.js';
import { egressAcl, egressDomains } from '../stack/egress-acl.js';
import { listedIn, withExtras } from '../stack/egress-extras.js';
import { egress } from '../stack/services-doors.js';
import type { EgressLook, ProveEgressInput, TaskInput } from './api.js';
import type { Beat } from './beat.js';
import { stepById } from './checklists.js';
import type { Deps } from './deps.js';
import { type Host, lastLines, Meter } from './host.js';
import { claim } from './preflight.js';
import { jobBody } from './script.js';
import { look } from './survey.js';

const STEPS = ['stack.compose', 'stack.egress', 'stack.services'].map(stepById);
const ASK_MS = 120_000;
const TRY_MS = 5 * 60_000;

const domainsOf = (server: Server): string[] => egressDomains(server).map(({ domain }) => domain);

/** Throws DRIFT where more than the list differs: what then fails would not be the list's doing. */
export async function lookAtEgress(
  deps: Deps,
  { server }: { server: Server },
  signal: AbortSignal,
): Promise<EgressLook> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const { domains, extras } = await listOn(host, server, signal);
  const lists = { before: domains, after: domainsOf(server) };
  const differs = (await differing(deps, host, server, signal)).length > 0;
  if (!differs) return { differs, domains, extras, said: {}, remote: meter.spans };
  const besides = await differing(deps, host, withExtras(server, extras), signal);
  if (besides.length > 0) throw drifted(server, besides);
  const said = await ask(host, targetsOf(server, lists), signal);
  const wrong = unsound(server, lists, said);
  if (wrong.length > 0) throw unproved(server, 'before the change', wrong);
  return { differs, domains, extras, said, remote: meter.spans };
}

async function listOn(host: Host, { name, stack }: Server, signal: AbortSignal) {
  const fact = file(`${stack.directory}/config/smokescreen-acl.yaml`);
  const [reading] = await host.read([fact.read], { signal });
  const found = fact.parse(reading!);
  if (found !== null) return listedIn(found.content);
  throw new ClincherError('DRIFT', `${name} has no list of ways out`, {
    remedy: [`clincher run provision -s ${name}`],
  });
}

async function differing(deps: Deps, host: Host, server: Server, signal: AbortSignal): Promise<string[]> {
  const seen = await look(host, server, STEPS, deps, { signal });
  return STEPS.flatMap(({ id }) => {
    const { status, changes, reason } = seen.verdicts.get(id)!;
    if (status === 'ok' || status === 'skipped') return [];
    return status === 'unknown' ? [`${id}: ${reason}`] : changes.map(({ what }) => `${id}: ${what}`);
  });
}

const drifted = ({ name }: Server, besides: string[]): ClincherError =>
  new ClincherError('DRIFT', `${name} differs in more than its ways out; nothing was changed`, {
    evidence: besides,
    remedy: [`clincher plan -s ${name} --only 'stack.*' --diff`, `clincher run provision -s ${name}`],
  });

async function ask(host: Host, targets: string[], signal: AbortSignal): Promise<Answers> {
  const fact = connects(targets);
  const [reading] = await host.read([fact.read], { timeoutMs: ASK_MS, signal });
  try {
    return fact.parse(reading!);
  } catch (error) {
    throw new ClincherError('FACT_UNKNOWN', `the gateway could not be asked: ${(error as Error).message}`);
  }
}

/** Once, whatever is lost on the way: a later attempt finds its result. */
export async function tryEgress(
  deps: Deps,
  input: TaskInput,
  beat: Beat,
): Promise<{ changes: ChangeView[]; remote: Span[] }> {
  const { server, run, who, key, task } = input;
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  await claim(deps, host, input);
  const { image, definition } = egress(server);
  const { user, command } = definition as { user: string; command: string[] };
  const body = jobBody([tryList({ user, image, args: command, list: egressAcl(server) })]);
  const job = await host.job(
    { key, body, after: tidy, audit: [`${run} ${who} ${task}`], changes: '[]', timeoutMs: TRY_MS },
    { signal: beat.signal, onOutput: beat.say },
  );
  await deps.log.append(run, task, job.log);
  if (job.exitCode !== 0) throw notTaken(server, job.exitCode, lastLines(job.log));
  const count = domainsOf(server).length;
  return { changes: [{ what: `Smokescreen starts with the list of ${count} domains` }], remote: meter.spans };
}

const notTaken = ({ name }: Server, exitCode: number, evidence: string[]): ClincherError =>
  exitCode === NOT_TAKEN
    ? new ClincherError('EGRESS_REFUSED', `Smokescreen on ${name} does not start with the new list`, {
        evidence,
      })
    : new ClincherError('STEP_FAILED', `the new list could not be tried on ${name}: exit ${exitCode}`, {
        evidence,
      });

/** A proxy that was only just started, and whoever is far away, are given time. */
const PATIENCE_MS = 20_000;
const AGAIN_MS = 1_000;

/** Throws EGRESS_BROKEN where a door is not as it is to be; `isUndone`: of the list that was put back. */
export async function proveEgress(
  deps: Deps,
  { server, was, isUndone }: ProveEgressInput,
  beat: Beat,
): Promise<{ changes: ChangeView[]; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const lists = { before: was.domains, after: domainsOf(server) };
  // What the list that was put back does not name was asked before, and is refused again.
  const targets = [...new Set([...targetsOf(server, lists), ...Object.keys(was.said)])];
  const until = deps.now() + PATIENCE_MS;
  for (;;) {
    const after = await ask(host, targets, beat.signal);
    const wrong = broken(server, lists, { before: was.said, after }, { strict: !isUndone });
    if (wrong.length === 0)
      return { changes: outcome(server, lists, after).map((what) => ({ what })), remote: meter.spans };
    if (deps.now() > until)
      throw unproved(server, isUndone ? 'after it was undone' : 'after the change', wrong);
    await deps.sleep(AGAIN_MS, beat.signal);
  }
}

const unproved = ({ name }: Server, when: string, wrong: string[]): ClincherError =>
  new ClincherError('EGRESS_BROKEN', `the ways out of ${name} ${when}: ${wrong[0]}`, { evidence: wrong });
