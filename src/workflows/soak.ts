// soak: the first day after a deployment or a recovery, hour by hour as the guide has it; other runs are begun in their turn, and none is held up.
import { isCancellation, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { CheckResult, Notice, RunInput, RunState, Server } from '../model.js';
import { progressQuery, speakable } from './messages.js';
import { Look } from './soak-look.js';
import { HOURS, ROWS, type Row } from './soak-rows.js';
import { checkState, iso, newState, recount, runError } from './state.js';
import { tellPeople } from './tell.js';

export async function soak(input: RunInput): Promise<RunState> {
  const run = speakable(input.server.name, workflowInfo().firstExecutionRunId);
  const state = newState(input, run, 'soak', Date.now());
  const results = new Map<string, CheckResult>();
  show(state, input.server, results);
  setHandler(progressQuery, () => state);
  const began = Date.now();
  const look = new Look(input);
  for (const hour of HOURS) {
    await sleep(Math.max(0, began + hour * 3600_000 - Date.now()), { summary: `hour ${hour}` });
    for (const row of ROWS.filter((each) => each.hour === hour)) {
      results.set(row.id, await judged(row, look, input.server));
      show(state, input.server, results);
    }
  }
  state.status = 'done';
  state.endedAt = iso(Date.now());
  await tellPeople(input.server, verdict(state, [...results.values()]));
  return state;
}

/** What could not be asked is unknown, and the day goes on. */
async function judged(row: Row, look: Look, server: Server): Promise<CheckResult> {
  if (row.wanted?.(server) === false) return result(row, 'skipped', ['not asked for by the configuration']);
  try {
    const { verdict, evidence, remedy = [] } = await row.judge(look);
    return result(row, verdict, evidence, remedy);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { code, message, remedy = [] } = runError(error);
    return result(row, 'unknown', [`${code}: ${message}`], remedy);
  }
}

const result = (
  { id, title, why }: Row,
  verdict: CheckResult['verdict'],
  evidence: string[],
  remedy: string[] = [],
): CheckResult => ({
  ...{ id, title, why, source: 'guide Step 13.13', vantage: 'host' },
  ...{ verdict, evidence, remedy },
});

/** What is still to come is pending, so that whoever looks on sees the whole day. */
function show(state: RunState, server: Server, results: ReadonlyMap<string, CheckResult>): void {
  state.groups = [
    {
      name: 'soak',
      steps: ROWS.map(({ id, title, hour }) => {
        const done = results.get(id);
        if (done) return checkState(done);
        return { id, title: `hour ${hour}: ${title}`, status: 'pending', changes: [], notes: [] };
      }),
    },
  ];
  const checks = [...results.values()];
  state.proof = { checks, outside: '', remoteMs: 0, remote: [], roundTrips: 0 };
  state.server = server.name;
  recount(state);
}

function verdict({ server, run }: RunState, checks: readonly CheckResult[]): Notice {
  const wrong = checks.filter(({ verdict: said }) => said === 'fail' || said === 'unknown');
  const asked = checks.filter(({ verdict: said }) => said !== 'skipped').length;
  return {
    ...{ server, level: wrong.length === 0 ? 'info' : 'critical' },
    title: `the first day: ${asked - wrong.length} of ${asked} held`,
    lines: [
      ...wrong.map(({ id, evidence }) => `${id}: ${evidence[0] ?? 'without a word'}`),
      `clincher show ${run} --report ${run}.html`,
    ],
  };
}
