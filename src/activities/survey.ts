// Reads every fact of a checklist in one round trip and plans its steps. Changes nothing.
import type { AnyStep, HostContext, Server, StepPlan, Survey } from '../model.js';
import type { SurveyInput } from './api.js';
import { checklist, selected } from './checklists.js';
import type { Deps } from './deps.js';
import { CONTEXT, commandsOf, evaluate, parseContext, stepPlan, type Verdict } from './evaluate.js';
import { type Host, Meter, type ScriptOptions } from './host.js';
import { neededSecrets } from './needs.js';
import { knownSecrets, recognised } from './secret-tokens.js';
import { stocked } from './stocked.js';

const TIMEOUT_MS = 60_000;

export interface Look {
  host: HostContext;
  verdicts: Map<string, Verdict>;
}

/** One round trip for any number of steps. */
export async function look(
  host: Host,
  asked: Server,
  steps: readonly AnyStep[],
  deps: Pick<Deps, 'secrets' | 'pins'>,
  options: ScriptOptions = {},
): Promise<Look> {
  const server = await stocked(deps, asked, steps);
  const commands = [...CONTEXT, ...commandsOf(steps, server)];
  const known = await knownSecrets(deps.secrets, server, steps);
  const answers = await host.read(commands, { timeoutMs: TIMEOUT_MS, ...options });
  const readings = answers.map((reading) => recognised(reading, known));
  const context = parseContext(readings.slice(0, CONTEXT.length), host.via);
  let at = CONTEXT.length;
  const verdicts = new Map<string, Verdict>();
  for (const step of steps) {
    const count = commandsOf([step], server).length;
    verdicts.set(step.id, evaluate(step, server, context, readings.slice(at, at + count)));
    at += count;
  }
  return { host: context, verdicts };
}

export async function survey(deps: Deps, input: SurveyInput, signal?: AbortSignal): Promise<Survey> {
  const { server } = input;
  const steps = checklist(input.checklist);
  const { chosen, excluded } = selected(steps, input);
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const seen = await look(host, server, chosen, deps, { signal });
  const plans = steps.map((step, i) =>
    planOf(step, i === 0 ? [] : [steps[i - 1]?.id ?? ''], seen.verdicts.get(step.id) ?? excluded),
  );
  return {
    checklist: input.checklist,
    ...(server.stack.partition === undefined ? {} : { partition: server.stack.partition }),
    steps: plans,
    host: seen.host,
    remoteMs: meter.remoteMs,
    remote: meter.spans,
    roundTrips: meter.roundTrips,
    sealTo: await deps.secrets.recipient(),
    missingSecrets: await deps.secrets.missing(neededSecrets(server), server),
  };
}

/** Without an `after` of its own, a step follows the one above it. */
const planOf = (step: AnyStep, previous: string[], verdict: Verdict): StepPlan =>
  stepPlan(step, verdict, step.after ?? previous);
