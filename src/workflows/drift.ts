// drift: what differs from the configuration, step by step a person's to decide; and the same as a report that asks nobody.
import type { Acceptance, ChangeView, RunState, StepPlan, Survey } from '../model.js';
import { acts, reads } from './activities.js';
import { type LookInput, record, surveysOf } from './look.js';
import { alone } from './partitions.js';
import { Run } from './run.js';
import { settled } from './settled.js';
import { sized } from './sized.js';
import { addNote, addSurvey } from './state.js';

/** The server's lock is held meanwhile: a day is long enough to be asked, and a backup a day late is late enough. */
const ANSWER_WITHIN_MS = 24 * 3600_000;

/** Whoever says repair has seen what would be replaced, a hand's edit too. */
export const drift = ({ checklists, ...input }: LookInput): Promise<RunState> => {
  // What differs at a partition is told by `verify`, and put right by its own run.
  const run = new Run({ ...input, server: alone(input.server), replaceEdited: true }, 'drift');
  return run.tell(async () => {
    const surveys = await run.attempt('survey', 'What differs', () =>
      surveysOf({ ...input, server: run.server, checklists }),
    );
    for (const { remote } of surveys) run.waited(remote);
    run.state.surveys = surveys;
    const drifted = driftedIn(surveys);
    const known = await letBe(run.server, drifted);
    for (const each of known) addNote(run.state, 'accepted', said(each));
    for (const { id, reason } of unknownIn(surveys))
      addNote(run.state, 'unknown', `${id} could not be read: ${reason}`);
    const open = drifted.filter(({ id }) => !known.some(({ step }) => step === id));
    if (open.length === 0) return addNote(run.state, 'drift', 'nothing else differs');
    const repaired: string[] = [];
    const decide = async (step: StepPlan): Promise<void> => {
      if ((await decided(run, step)) === 'repair') repaired.push(step.id);
    };
    await settled(open.map(decide));
    await repair(run, surveys, repaired);
  });
};

/** In the order of the checklists: what one step needs another may bring. */
async function repair(run: Run, surveys: readonly Survey[], ids: readonly string[]): Promise<void> {
  for (const { checklist, steps } of surveys) {
    const own = steps.map(({ id }) => id).filter((id) => ids.includes(id));
    if (own.length > 0) await run.converge(checklist, own.join(','));
  }
}

async function decided(run: Run, step: StepPlan): Promise<string> {
  const { id, title, why, changes } = step;
  const diff = changes.find((each) => each.diff)?.diff;
  const answer = await run.asked({
    ...{
      id: `drift:${id}`,
      title: `${title}: it differs. What now?`,
      options: ['repair', 'accept', 'leave'],
    },
    instructions: [why, ...changes.map(({ what }) => `repair would: ${what}`)],
    ...{ diff, timeoutMs: ANSWER_WITHIN_MS, onTimeout: 'leave' },
  });
  if (answer.value === 'accept') {
    const { server, state } = run;
    await acts.acceptDrift({ server, run: state.run, who: answer.who, step: { id, changes } });
    addNote(
      run.state,
      'accepted',
      `${id} stays as it is; clincher.yaml wants it otherwise, and a provision repairs it`,
    );
  } else if (answer.value === 'leave') addNote(run.state, 'left', `${id} differs, and is left for now`);
  return answer.value;
}

/** Asks nobody, so it may be scheduled. */
export const driftReport = (input: LookInput): Promise<RunState> =>
  record(input, 'drift-report', async (state) => {
    state.surveys = await surveysOf({ ...input, server: await sized(alone(input.server)) });
    const known = await letBe(input.server, driftedIn(state.surveys));
    for (const { steps } of state.surveys)
      for (const step of steps) step.notes.push(...known.filter((each) => each.step === step.id).map(said));
    for (const survey of state.surveys) addSurvey(state, survey);
  });

async function letBe(server: LookInput['server'], drifted: readonly StepPlan[]): Promise<Acceptance[]> {
  if (drifted.length === 0) return [];
  const steps = drifted.map(({ id, changes }): { id: string; changes: ChangeView[] } => ({ id, changes }));
  return (await reads.acceptedDrift({ server, steps })).accepted;
}

const driftedIn = (surveys: readonly Survey[]): StepPlan[] =>
  surveys.flatMap(({ steps }) => steps.filter(({ status }) => status === 'drift'));

const unknownIn = (surveys: readonly Survey[]): StepPlan[] =>
  surveys.flatMap(({ steps }) => steps.filter(({ status }) => status === 'unknown'));

const said = ({ step, who, when }: Acceptance): string =>
  `${step} differs, and ${who} lets it be since ${when.slice(0, 10)}`;
