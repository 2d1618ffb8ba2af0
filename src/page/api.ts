// The two things that the page's script may ask: what is open, and that an answer be taken. Who may ask what is the link's to say.
import * as z from 'zod';
import { answerCommand } from '../answer-command.js';
import { checkValue, newUpdateId, optionsOf } from '../client/answers.js';
import type { Control } from '../client/control.js';
import { gatesOf, type OpenGate, openStates } from '../client/open-gates.js';
import { diffView } from '../client/view/diff.js';
import { errorView } from '../client/view/error.js';
import { safe } from '../client/view/text.js';
import { ClincherError } from '../errors.js';
import type { RunState } from '../model.js';
import type { GateAt, Link } from './links.js';
import type { Answer, Receipt, Seen, SeenGate, SeenRun } from './seen.js';

type Engine = Pick<Control, 'list' | 'state' | 'answer'>;

export async function look(control: Engine, { at }: Link): Promise<Seen> {
  if (at !== undefined) return { gates: [seenGate(await theGate(control, at))] };
  const states = await openStates(control, undefined);
  return { gates: gatesOf(states).map(seenGate), runs: states.map(seenRun) };
}

/** `who`: as the run will tell who answered. */
export async function answer(control: Engine, { at }: Link, asked: unknown, who: string): Promise<Receipt> {
  const { run, gate, openedAt, value, sealed } = checked(asked);
  const isMeant = at === undefined || (at.run === run && at.gate === gate && at.openedAt === openedAt);
  if (!isMeant) throw new ClincherError('LINK_INVALID', 'This link is to another gate.');
  const open = await theGate(control, { run, gate, openedAt });
  const said =
    open.gate.kind === 'secret'
      ? { value: '', sealed: sealedOnly(sealed) }
      : { value: checkValue(open.gate, value) };
  return control.answer(run, { gate, who, ...said }, newUpdateId(open.gate));
}

const ANSWER = z.strictObject({
  run: z.string().max(200),
  gate: z.string().max(200),
  openedAt: z.string().max(40),
  value: z.string().max(200),
  sealed: z.string().max(48_000).optional(),
});

/** What was sent is repeated in no error: it might be a secret in the wrong place. */
function checked(asked: unknown): Answer {
  const { success, data } = ANSWER.safeParse(asked);
  if (success) return data;
  throw new ClincherError('ANSWER_INVALID', 'The answer has not the form that the page’s script sends.');
}

const SEALED = /^-----BEGIN AGE ENCRYPTED FILE-----\n[A-Za-z0-9+/=\n]+-----END AGE ENCRYPTED FILE-----\n?$/;

/** The last place before Temporal: whatever a browser did, a value in clear goes no further. */
function sealedOnly(sealed: string | undefined): string {
  if (sealed !== undefined && SEALED.test(sealed)) return sealed;
  throw new ClincherError('ANSWER_INVALID', 'A secret is taken sealed alone; this was not.');
}

async function theGate(control: Engine, { run, gate, openedAt }: Omit<GateAt, 'server'>): Promise<OpenGate> {
  const state = await control.state(run);
  const found = state.gates.find((one) => one.id === gate && one.openedAt === openedAt);
  if (found !== undefined) return { gate: found, state };
  const answered = state.answered?.find((one) => one.id === gate && one.openedAt === openedAt);
  const why = answered ? `was answered by ${answered.who}` : 'is not open any more';
  throw new ClincherError('NO_SUCH_GATE', `${gate} of run ${run} ${why}.`);
}

/** The browser breaks lines by itself. */
const PLAIN = { columns: 1_000, color: false, ascii: false };
const DIFF_LINES = 600;

/** What hosts and people said is made safe as for a terminal: no character of it may turn or hide words. */
function seenGate({ gate, state }: OpenGate): SeenGate {
  const { id, kind, openedAt, ref, shape, note, deadline, onTimeout, diff } = gate;
  const { run, server, runbook, sealTo } = state;
  const [instructions, links] = [gate.instructions.map(safe), gate.links.map(safe)];
  return {
    ...{ server, runbook, run, gate: id, openedAt, kind, title: safe(gate.title), instructions, links },
    ...{ words: optionsOf(gate), ref, shape, deadline, onTimeout, command: safe(answerCommand(gate, state)) },
    ...(kind === 'secret' ? { sealTo } : {}),
    ...(kind === 'failed' ? { failure: failureOf(id, state) } : { note: note && safe(note) }),
    ...(diff ? { diff: diffView(diff.before, diff.after, PLAIN, DIFF_LINES) } : {}),
  };
}

/** Who is asked what now has to know what happened. */
function failureOf(gate: string, { groups, server, run, runbook }: RunState): string[] {
  const failed = groups.flatMap(({ steps }) => steps).find(({ id }) => gate === `failed:${id}`);
  if (failed?.error === undefined) return [];
  return errorView(failed.error, { server, run, runbook, step: failed.id }, PLAIN);
}

const seenRun = ({ server, runbook, run, status, startedAt, groups }: RunState): SeenRun => ({
  ...{ server, runbook, run, status, startedAt },
  now: groups
    .flatMap(({ steps }) => steps)
    .filter((step) => step.status === 'running')
    .map(({ title }) => title),
});
