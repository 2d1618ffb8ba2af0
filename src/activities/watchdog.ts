// One look of the watchdog: everything in one round trip for each gateway, each watch judged by itself. Changes nothing.
import { dockerNow } from '../commands/docker-api.js';
import { mark } from '../commands/mark.js';
import { type Owner, owner } from '../commands/owner.js';
import type { AnyWatch, Judged, KeyedSymptom, Observed, Restarts, Server, WatchContext } from '../model.js';
import { views } from '../stack/partitions.js';
import { watchesOf } from '../watches/index.js';
import { counted, risen } from '../watches/restarts-risen.js';
import type { WatchInput } from './api-watch.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';
import { type Answers, type Asked, about, isAsked, valuesOf } from './judge.js';
import { ofView } from './of-view.js';
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
  const [own, ...others] = await looksOf(deps, server, meter, signal);
  const nowMs = deps.now();
  const whose = tried(() => owner.parse(own.answers.host(owner.read)));
  if (whose && whose.plane !== deps.plane)
    return { symptoms: [notOurs(server, whose)], judged: [], checks: [], restarts, remote: meter.spans };
  const now = counts(restarts, [own, ...others], nowMs);
  const heldBy = tried(() => mark.parse(own.answers.host(mark.read)))?.run;
  const held = heldBy === undefined ? {} : { heldBy };
  const all = [own, ...others].map((each) => observed(each, { nowMs, restarts: risen(now), ...held }));
  const checks = inFull ? all.flatMap((each) => each.checks) : [];
  return {
    ...{ symptoms: all.flatMap(({ symptoms }) => symptoms), judged: all.flatMap((each) => each.judged) },
    ...{ checks, restarts: now, ...held, remote: meter.spans },
  };
}

interface Viewed {
  server: Server;
  watches: readonly AnyWatch[];
  answers: Answers;
}

/** The server itself first; who is at work there is read with it. */
async function looksOf(
  deps: Deps,
  server: Server,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<[Viewed, ...Viewed[]]> {
  const seen = async (view: Server, besides: readonly Asked[]): Promise<Viewed> => {
    const watches = watchesOf(view).filter((watch) => isAsked(watch, view));
    const asked = [...watches, ...besides];
    const { answers } = await look(deps, asked, { server: view, timeoutMs: TIMEOUT_MS }, meter, signal);
    return { server: view, watches: watches.map((watch) => ofView(watch, view)), answers };
  };
  const found: [Viewed] = [await seen(server, [AT_WORK])];
  for (const view of views(server).slice(1)) found.push(await seen(view, []));
  return found;
}

/** Whoever has it looks after it: two who tell the same would be one too many, and this one may not heal. */
const notOurs = ({ name }: Server, { who, since }: Owner): KeyedSymptom => ({
  ...{ key: 'adopted', about: '', level: 'warning', looks: 1 },
  text: `${name} was adopted by another control plane (${who}, ${since}): this one no longer watches it`,
  remedy: [`clincher schedule pause watchdog -s ${name}`],
});

/** What could not be asked has not changed. */
function counts(before: Restarts, all: readonly Viewed[], nowMs: number): Restarts {
  const seen = all.map(({ answers: { host } }) => tried(() => dockerNow.parse(host(dockerNow.read))));
  const known = seen.flatMap((docker) => docker?.containers ?? []);
  if (seen.every((docker) => docker !== undefined)) return counted(before, known, nowMs);
  return { ...before, ...counted(before, known, nowMs) };
}

function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

type Told = Pick<Observed, 'symptoms' | 'judged' | 'checks'>;

function observed({ watches, server, answers }: Viewed, context: WatchContext): Told {
  const all = watches.map((watch) => {
    try {
      return judged(
        watch,
        inView(server, watch.judge(valuesOf(watch, server, answers), server, context) as Judged),
      );
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

/** It is told whose it is; and healed by a person, with the run that makes a partition what it is to be. */
function inView({ name, stack: { partition } }: Server, { symptoms, fine }: Judged): Judged {
  if (partition === undefined) return { symptoms, fine };
  const remedy = [`clincher run partition --add ${partition} -s ${name}`];
  return {
    symptoms: symptoms.map(({ heals: _, ...each }) => ({
      ...{ ...each, text: `${partition}: ${each.text}` },
      remedy: [...remedy, ...each.remedy.filter((line) => !line.includes(' run heal '))],
    })),
    fine,
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
