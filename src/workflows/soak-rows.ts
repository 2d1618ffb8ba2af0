// The guide's table of the first day, row by row: when, what is asked, and what has to be so.
import { isCancellation } from '@temporalio/workflow';
import type { CheckResult, CheckVerdict, Server } from '../model.js';
import { wrongOf } from './not-proved.js';
import type { Look } from './soak-look.js';
import { runError } from './state.js';

export interface Row {
  id: string;
  hour: number;
  title: string;
  why: string;
  wanted?(server: Server): boolean;
  judge(look: Look): Promise<Verdict>;
}

interface Verdict {
  verdict: CheckVerdict;
  evidence: string[];
  remedy?: string[];
}

/** Unknown wins over nothing, and a failure over both. */
function of(wrong: readonly CheckResult[], fine: string): Verdict {
  if (wrong.length === 0) return { verdict: 'pass', evidence: [fine] };
  return {
    verdict: wrong.some(({ verdict }) => verdict === 'fail') ? 'fail' : 'unknown',
    evidence: wrong.map(({ id, evidence }) => `${id}: ${evidence[0] ?? 'without a word'}`),
    remedy: [...new Set(wrong.flatMap(({ remedy }) => remedy))].slice(0, 3),
  };
}

const proved =
  (...globs: string[]) =>
  async (look: Look): Promise<Verdict> => {
    const { wrong, asked } = await look.proved(globs.join(','));
    return of(wrong, `${asked} checks hold`);
  };

/** Of the watchdog's look only these; all of them where none is named. */
const watched =
  (...ids: string[]) =>
  async (look: Look): Promise<Verdict> => {
    const { checks } = await look.watched();
    const asked = ids.length === 0 ? checks : checks.filter(({ id }) => ids.includes(id));
    return of(wrongOf(asked), asked.map(({ evidence }) => evidence[0] ?? '').join('; '));
  };

const ran =
  (runbook: string) =>
  async (look: Look): Promise<Verdict> => {
    try {
      const { run, proof, outcome } = await look.ran(runbook);
      const wrong = wrongOf(proof?.checks ?? []);
      if (outcome.failed > 0) return failed(`run ${run} has steps that failed`, [`clincher show ${run}`]);
      return of(wrong, `run ${run} is done`);
    } catch (error) {
      const { code, message, remedy = [] } = runError(error);
      // It never began: which says nothing of how it would have gone.
      if (isCancellation(error) || code === 'LOCKED') throw error;
      return failed(`${code}: ${message}`, remedy);
    }
  };

const failed = (evidence: string, remedy: string[]): Verdict => ({
  verdict: 'fail',
  evidence: [evidence],
  remedy,
});

async function noRestarts(look: Look): Promise<Verdict> {
  const over = Object.entries(await look.restarted()).filter(([, times]) => times > 0);
  if (over.length === 0) return { verdict: 'pass', evidence: ['none was started over by Docker'] };
  return {
    verdict: 'fail',
    evidence: over.map(([name, times]) => `${name} was started over ${times} times since the first hour`),
    remedy: over.map(([name]) => `on the server: docker logs --tail 50 ${name}`),
  };
}

export const ROWS: readonly Row[] = [
  {
    ...{ id: 'soak.0-services', hour: 0, title: 'all services run and are healthy' },
    why: 'What does not start well does not end well.',
    judge: proved('verify.services'),
  },
  {
    ...{ id: 'soak.0-audit', hour: 0, title: 'OpenClaw’s own audit passes' },
    why: 'It sees settings that nobody else can see.',
    judge: proved('verify.audit'),
  },
  {
    ...{
      id: 'soak.0-egress',
      hour: 0,
      title: 'the ways out are open to those that are named, and to nobody else',
    },
    why: 'An agent that gets out anywhere can carry anything there.',
    judge: proved('verify.egress*'),
  },
  {
    ...{ id: 'soak.0-watchdog', hour: 0, title: 'nothing is wrong at the first look' },
    why: 'The rest of the day is compared with it.',
    judge: watched(),
  },
  {
    ...{ id: 'soak.1-backup', hour: 1, title: 'the first backup succeeds' },
    why: 'The day on which it is needed may be tomorrow.',
    wanted: ({ backup }) => backup.enabled,
    judge: ran('backup'),
  },
  {
    ...{ id: 'soak.1-token', hour: 1, title: 'the token rotates' },
    why: 'A rotation that fails is found now, with somebody at hand, and not in a month at night.',
    judge: ran('rotate-token'),
  },
  {
    ...{ id: 'soak.4-restarts', hour: 4, title: 'nothing was started over' },
    why: 'A loop that takes an hour a turn looks healthy at every look.',
    judge: noRestarts,
  },
  {
    ...{ id: 'soak.4-memory', hour: 4, title: 'memory stays within its limits' },
    why: 'A leak shows itself in hours.',
    judge: watched('watch.memory', 'watch.swap', 'watch.oom'),
  },
  {
    ...{ id: 'soak.8-cache', hour: 8, title: 'models and cache answer' },
    why: 'A cache that nobody can write to costs money each time it is not found.',
    judge: proved('verify.redis', 'verify.litellm', 'verify.models'),
  },
  {
    ...{ id: 'soak.12-watchdog', hour: 12, title: 'nothing is wrong' },
    why: 'Whatever the day has brought is seen by now.',
    judge: watched(),
  },
  {
    ...{ id: 'soak.24-spend', hour: 24, title: 'spending is on track' },
    why: 'A day tells what a month will cost.',
    judge: watched('watch.spend'),
  },
  {
    ...{ id: 'soak.24-disk', hour: 24, title: 'the disk does not fill up' },
    why: 'Logs and backups of a day tell when the disk will be full.',
    judge: watched('watch.disk', 'watch.inodes'),
  },
  {
    ...{ id: 'soak.24-restarts', hour: 24, title: 'nothing was started over in all that time' },
    why: 'A day without a restart is the proof of the first day.',
    judge: noRestarts,
  },
  {
    ...{ id: 'soak.24-drill', hour: 24, title: 'a backup is restored, booted and asked' },
    why: 'A backup that was never booted is a hope.',
    wanted: ({ backup }) => backup.enabled,
    judge: ran('restore-drill'),
  },
];

export const HOURS: readonly number[] = [...new Set(ROWS.map(({ hour }) => hour))];
