// One look of the watchdog: everything in one round trip, each watch judged by itself. Changes nothing.
import { dockerNow } from '../commands/docker-api.js';
import { mark } from '../commands/mark.js';
import { type Owner, owner } from '../commands/owner.js';
import type { AnyWatch, Judged, KeyedSymptom, Observed, Restarts, Server, WatchContext } from '../model.js';
import { WATCHES } from '../watches/index.js';
import { counted, risen } from '../watches/restarts-risen.js';
import type { WatchInput } from './api-watch.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';
import { type Answers, type Asked, about, isAsked, valuesOf } from './judge.js';
import { look } from './readings.js';

/** Nothing here asks a program that takes seconds. */
const TIMEOUT_MS = 60_000;

/** Read besides: who is at work. */
const AT_WORK: Asked = { vantage: 'host', facts: () => ({ mark, owner }) };

export async function watchServer(
  deps: Deps,
  { server, restarts, inFull = false }: WatchInput,
  signal?: AbortSignal,
): Promise<Observed> {
  const meter = new Meter();
  const watches = WATCHES.filter((watch) => isAsked(watch, server));
  const { answers } = await look(
    deps,
    [...watches, AT_WORK],
    { server, timeoutMs: TIMEOUT_MS },
    meter,
    signal,
  );
  const nowMs = deps.now();
  const whose = tried(() => owner.parse(answers.host(owner.read)));
  if (whose && whose.plane !== deps.plane)
    return { symptoms: [notOurs(server, whose)], judged: [], checks: [], restarts, remote: meter.spans };
  const now = counts(restarts, answers, nowMs);
  const heldBy = tried(() => mark.parse(answers.host(mark.read)))?.run;
  const held = heldBy === undefined ? {} : { heldBy };
  const seen = observed(watches, server, answers, { nowMs, restarts: risen(now), ...held });
  const checks = inFull ? seen.checks : [];
  return { ...seen, checks, restarts: now, ...held, remote: meter.spans };
}

/** Whoever has it looks after it: two who tell the same would be one too many, and this one may not heal. */
const notOurs = ({ name }: Server, { who, since }: Owner): KeyedSymptom => ({
  ...{ key: 'adopted', about: '', level: 'warning', looks: 1 },
  text: `${name} was adopted by another control plane (${who}, ${since}): this one no longer watches it`,
  remedy: [`clincher schedule pause watchdog -s ${name}`],
});

/** What could not be asked has not changed. */
function counts(before: Restarts, { host }: Answers, nowMs: number): Restarts {
  const docker = tried(() => dockerNow.parse(host(dockerNow.read)));
  return docker ? counted(before, docker.containers, nowMs) : before;
}

function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

type Told = Pick<Observed, 'symptoms' | 'judged' | 'checks'>;

function observed(
  watches: readonly AnyWatch[],
  server: Server,
  answers: Answers,
  context: WatchContext,
): Told {
  const all = watches.map((watch) => {
    try {
      return judged(watch, watch.judge(valuesOf(watch, server, answers), server, context) as Judged);
    } catch (error) {
      return unknown(watch, (error as Error).message || 'it could not be read', server);
    }
  });
  return {
    symptoms: all.flatMap(({ symptoms }) => symptoms),
    judged: all.flatMap((each) => each.judged),
    checks: all.flatMap(({ checks }) => checks),
  };
}

const keyOf = ({ id }: AnyWatch, about: string): string => (about === '' ? id : `${id}:${about}`);

function judged(watch: AnyWatch, { symptoms, fine }: Judged): Told {
  const keyed: KeyedSymptom[] = symptoms.map((each) => ({ ...each, key: keyOf(watch, each.about) }));
  const isWell = symptoms.length === 0;
  return {
    symptoms: keyed,
    judged: [watch.id],
    checks: [
      {
        ...about(watch),
        verdict: isWell ? 'pass' : 'fail',
        evidence: isWell ? [fine] : symptoms.map(({ text }) => text),
        remedy: [...new Set(symptoms.flatMap(({ remedy }) => remedy))],
      },
    ],
  };
}

/** A watch that cannot look is told too, by a name of its own: silence would read as well. */
function unknown(watch: AnyWatch, why: string, { name }: Server): Told {
  const remedy = [`clincher doctor -s ${name}`, `clincher run watchdog -s ${name}`];
  const symptom: KeyedSymptom = {
    ...{ key: `${watch.id}?`, about: '', level: 'warning', looks: 2, remedy },
    text: `${watch.id} is unknown: ${why}`,
  };
  return {
    symptoms: [symptom],
    judged: [],
    checks: [{ ...about(watch), verdict: 'unknown', evidence: [why], remedy }],
  };
}
