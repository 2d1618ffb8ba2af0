// soak: the first day after a deployment or a recovery, hour by hour as the guide has it; other runs are begun in their turn, and none is held up.
import { isCancellation, sleep } from '@temporalio/workflow';
import type { CheckResult, Notice, RunInput, RunState, Server } from '../model.js';
import { record } from './look.js';
import { wrongOf } from './not-proved.js';
import { Look } from './soak-look.js';
import { HOURS, ROWS, type Row } from './soak-rows.js';
import { checkState, recount, runError } from './state.js';
import { tellPeople } from './tell.js';

export const soak = (input: RunInput): Promise<RunState> =>
  record(input, 'soak', async (state) => {
    const { server } = input;
    const results = new Map<string, CheckResult>();
    show(state, results);
    const began = Date.now();
    const look = new Look(input);
    for (const hour of HOURS) {
      await sleep(Math.max(0, began + hour * 3600_000 - Date.now()), { summary: `hour ${hour}` });
      look.hourBegins();
      for (const row of ROWS.filter((each) => each.hour === hour)) {
        results.set(row.id, await judged(row, look, server));
        show(state, results);
      }
    }
    await tellPeople(server, verdict(state, [...results.values()]));
  });

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
function show(state: RunState, results: ReadonlyMap<string, CheckResult>): void {
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
  recount(state);
}

function verdict({ server, run }: RunState, checks: readonly CheckResult[]): Notice {
  const wrong = wrongOf(checks);
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
