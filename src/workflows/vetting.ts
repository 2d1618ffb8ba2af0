// Nothing of other people reaches the model before a person has read it: one gate a pin, by the guide's list of seven.
import type { PinReview } from '../model.js';
import { acts } from './activities.js';
import type { Question } from './gates.js';
import type { Run } from './run.js';
import { settled } from './settled.js';

/** Asks about every pin that nobody has read yet, all at once. A no ends the run before anything of it is on the host. */
export async function vet(run: Run): Promise<void> {
  const { only, from } = run.input;
  const reviews = await run.attempt('vetting', 'Skills and personas', () =>
    acts.reviewPins.executeWithOptions({ summary: 'fetch skills and personas' }, [
      { server: run.server, run: run.state.run, only, from },
    ]),
  );
  await settled(reviews.map((review) => ask(run, review)));
}

async function ask(run: Run, review: PinReview): Promise<void> {
  const { value, who } = await run.approval(vettingQuestion(review, run.state.run));
  if (value === 'yes') return keep(run, review, who);
  // Another pin was refused, and with it the run: this one was not asked about to the end.
  if (who === CLOSED_BY) return;
  throw run.refusal(
    'NOT_VETTED',
    `${who} does not want ${review.kind} ${named(review)} on ${run.state.server}`,
  );
}

/** Who a gate says has answered when nobody needed to any more. */
const CLOSED_BY = 'the world';

const keep = (run: Run, review: PinReview, who: string): Promise<void> =>
  run.attempt(`vetting.${review.name}`, `Record of who has read ${review.name}`, () =>
    acts.recordVetting.executeWithOptions({ summary: `${who} has read ${review.name}` }, [
      { server: run.server, run: run.state.run, pin: pinOf(review), sha256: review.sha256, who },
    ]),
  );

const pinOf = ({ kind, name, source, commit, path }: PinReview) => ({
  ...{ kind, name, source, commit, path },
  executables: false,
});

const named = ({ name, commit }: PinReview): string => `${name} at ${commit.slice(0, 7)}`;

/** Guide Step 5.1, in its order; what the machine noticed stands below its point. */
const POINTS: readonly string[] = [
  'Read all of it: no hidden call of a tool, no fetch of a foreign address',
  'It asks for no tool that its purpose does not need',
  'It needs no new way out; each would be one for data, too',
  'Its source is pinned',
  'It was tried in isolation first: sandbox on, no network',
  'It agrees with SOUL.md; what tells the agent to ignore its rules is refused',
  'Tools that it does not need are denied (openclaw.denied_tools)',
];

export function vettingQuestion(review: PinReview, run: string): Omit<Question, 'kind'> {
  return {
    id: `vet-${review.kind}-${review.name}`,
    title: `May ${review.kind} ${named(review)} reach the model?`,
    instructions: [
      ...origin(review),
      ...POINTS.flatMap((text, i) => [
        `${i + 1}. ${text}`,
        ...noticed(review, i + 1).map((line) => `   - ${line}`),
      ]),
      changes(review, run),
    ],
    diff: { path: review.path, before: review.before, after: review.after },
  };
}

const origin = ({ source, path, commit, files, sha256 }: PinReview): string[] => [
  `${source} ${path} at ${commit}`,
  `${files.map((file) => `${file.path} (${file.bytes} bytes)`).join(', ')}; sha256 ${sha256}`,
];

function noticed({ findings, commit }: PinReview, point: number): string[] {
  if (point === 4) return [`commit ${commit.slice(0, 7)}: git has verified that this is its content`];
  return findings.filter((finding) => finding.point === point).map(({ line }) => line);
}

function changes({ lastCommit, before, cut, name }: PinReview, run: string): string {
  const since =
    lastCommit === undefined
      ? 'Nobody has read it before: below is the whole text'
      : before === ''
        ? `What was read at ${lastCommit.slice(0, 7)} cannot be fetched any more: below is the whole text`
        : `Below is what changed since ${lastCommit.slice(0, 7)}, which was read`;
  const log = `clincher logs ${run} --step vet.${name}`;
  return cut > 0
    ? `${since}, without its last ${cut} characters: read all of it with \`${log}\``
    : `${since} (\`${log}\` shows all of it)`;
}
