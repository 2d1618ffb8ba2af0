// failover: a primary's place is taken by its standby; the old one is stopped first, so that two gateways never hold one bot.
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Fence, RunInput, RunState, Server } from '../model.js';
import { acts, reads } from './activities.js';
import { span } from './alert-notice.js';
import { dnsRecord } from './by-hand.js';
import { fenced, forgetReturn, onOld } from './fencing.js';
import { Phases, toldPhases } from './phases.js';
import { hardenedHost, isHardened, stack } from './provision.js';
import { putBack } from './put-back.js';
import { candidates, type Known, known, madeAt, restored } from './restoring.js';
import { Run } from './run.js';
import { type Standing, standingOf } from './sightings.js';
import { addNote, runError } from './state.js';

export interface FailoverChoice extends RunInput {
  /** The server as it was, at the address of before; `server` is the same at its standby's. */
  old: Server;
  /** Who looks at it besides the control plane. */
  vantages?: Server[] | undefined;
  /** Which backup; absent: the newest. */
  backup?: string | undefined;
  /** Others see it answer, and a person knows better. */
  anyway?: boolean | undefined;
}

export const failover = (choice: FailoverChoice): Promise<RunState> => moved(choice, 'failover');

/** The way back, while everything runs: what it goes to is made a standby first, and what runs makes a last backup. */
export const failback = (choice: FailoverChoice): Promise<RunState> => moved(choice, 'failback');

function moved(choice: FailoverChoice, runbook: 'failover' | 'failback'): Promise<RunState> {
  const { old, vantages = [], backup, anyway = false, ...input } = choice;
  const run = new Run({ ...input, replaceEdited: true }, runbook);
  const clock = new Phases(run.state);
  return run.tell(async () => {
    if (runbook === 'failback') await clock.of('stage', () => staged(run, old));
    const seen = await clock.of('detect', () => detected(run, old, vantages, anyway));
    const backups = await clock.of('approve', () => agreed(run, old, seen, backup));
    run.state.moved = 'begun';
    let [isThere, isTouched] = [false, false];
    try {
      await forgetReturn(run.server);
      const fence = await clock.of('fence', async () => {
        isThere = await isThereNow(old, seen);
        return fenced(run, old, isThere);
      });
      addNote(run.state, 'fence', `${old.name} at ${old.address}: ${KEPT_BY[fence]}`);
      const last =
        fence === 'stopped' ? await clock.of('last backup', () => lastBackup(run, old)) : undefined;
      isTouched = true;
      if (!seen.isStaged || !isFresh(seen)) await clock.of('host', () => host(run));
      const id = await clock.of('restore', async () =>
        restored(run, await among(run, backups, backup ?? last), (...each) => another(run, ...each)),
      );
      await stack(run, { part: (name, work) => clock.of(name, work), isRestored: true });
      run.state.moved = 'kept';
      await clock.of('name', () => byItsName(run));
      addNote(run.state, 'clock', toldPhases(run.state.phases ?? []));
      addNote(run.state, 'moved', `${old.name} goes on at ${run.server.address}, from the backup ${id}`);
    } catch (error) {
      if (run.state.moved === 'begun') await putBack(run, old, error, isTouched);
      throw error;
    } finally {
      // Where nobody could get, nothing was marked; a run would wait long for it there.
      if (isThere)
        await CancellationScope.nonCancellable(() =>
          reads.release({ server: old, run: run.state.run }),
        ).catch(() => {});
    }
  });
}

const KEPT_BY: Record<Fence, string> = {
  stopped: 'stopped, and nothing starts it again',
  command: 'cut off by failover.fence_command; it is stopped as soon as it can be reached',
  revoked: 'its token is refused by Telegram; it is stopped as soon as it can be reached',
  'powered-off': 'powered off, as a person says; it is stopped as soon as it can be reached',
};

interface Seen {
  standing: Standing;
  /** Whether this control plane can log in to it. */
  isThere: boolean;
  /** Whether nothing is left to do on its standby before a backup can be restored there. */
  isStaged: boolean;
  /** When all of that was, ms since 1970. */
  at: number;
}

/** A server that others see and we do not reach is cut off from us: whoever takes its place would be the second. */
async function detected(run: Run, old: Server, vantages: Server[], anyway: boolean): Promise<Seen> {
  const [sightings, isThere, isStaged] = await Promise.all([
    reads.sight({ server: old, vantages }),
    reads.canReach({ server: old }),
    standsBy(run),
  ]);
  const standing = standingOf(sightings);
  for (const line of standing.lines) addNote(run.state, 'seen', line);
  if (standing.verdict !== 'answers' || anyway || isThere)
    return { standing, isThere, isStaged, at: Date.now() };
  throw run.refused('NOT_DOWN', `${old.name} is seen: ${standing.lines.join('; ')}`);
}

/** As it was staged, and fit: its host as a primary's is to be, and what restores a backup as a standby's. */
async function standsBy(run: Run): Promise<boolean> {
  const standby: Server = { ...run.server, role: 'standby', standby_for: run.server.name };
  const looks = [run.isFit(), isHardened(run), run.agrees('backup', standby)];
  return (await Promise.all(looks)).every(Boolean);
}

/** The backups that were known when a person said yes; none where one was chosen. */
async function agreed(
  run: Run,
  old: Server,
  { standing: { verdict, lines }, isStaged }: Seen,
  backup: string | undefined,
): Promise<Known[]> {
  // A standby that was never staged has not even the program that lists them.
  const backups = backup ? [] : await unlessCancelled(known(run));
  const newest = backup ?? backups[0]?.id;
  const isYes = await run.confirm({
    id: 'failover',
    title: `${VERDICTS[verdict](old)} Let ${run.server.address} go on in its place?`,
    instructions: [
      ...lines,
      newest === undefined
        ? 'There is no backup to go on from yet that the standby knows of: nothing can be restored without one'
        : `The newest backup is of ${new Date(madeAt(newest)).toISOString().slice(0, 16)}Z, ${span(Date.now() - madeAt(newest))} old. Where the old server can be reached, it is stopped and makes another: then nothing is lost. Where not, what came after it is`,
      old.failover.fence_command === undefined
        ? 'The old server is stopped over SSH. Where that does not reach it, you are asked what keeps it from the bot: its token revoked, or its power off'
        : 'The old server is stopped over SSH; where that does not reach it, failover.fence_command cuts it off',
      isStaged
        ? `${run.server.address} stands by as it was staged`
        : `${run.server.address} is not as a standby was staged, or could not be looked at: it is made so first, which takes minutes on a bare server`,
      'Then the backup is restored, everything is started and proved, and the public name is asked for until it leads there',
    ],
  });
  if (!isYes) throw run.refusal('DECLINED', 'nobody wanted the failover; nothing was changed');
  return backups;
}

const unlessCancelled = (ids: Promise<Known[]>): Promise<Known[]> =>
  ids.catch((error: unknown) => {
    if (isCancellation(error)) throw error;
    return [];
  });

const VERDICTS: Record<Standing['verdict'], (old: Server) => string> = {
  down: ({ name }) => `${name} does not answer.`,
  answers: ({ name }) => `${name} answers: this would be a move, not a rescue.`,
  alone: ({ name }) => `${name} does not answer, and nobody else could look.`,
};

/** A failback: what it goes to was fenced once, and stands by again. */
async function staged(run: Run, old: Server): Promise<void> {
  if (!(await reads.canReach({ server: old })))
    throw run.refused('NOT_REACHED', `${old.name} at ${old.address} cannot be reached`);
  await run.task('stage', 'stage.retire', 'What it had when it was fenced is put aside', (key) =>
    acts.retireState(onOld(run, run.server, 'stage.retire', key)),
  );
}

/** Everything stands still already, so nothing is lost. */
async function lastBackup(run: Run, old: Server): Promise<string> {
  let id = '';
  await run.task(
    'last',
    'last.make',
    'The old server, which stands still, makes a last backup',
    async (key) => {
      const { backup, ...done } = await acts.makeBackup(onOld(run, old, 'last.make', key));
      id = backup.id;
      return done;
    },
    { asks: true },
  );
  await run.task(
    'last',
    'last.copy',
    'It is copied to where the standby takes it from',
    async (key) => {
      const done = await acts.copyOffsite({ ...onOld(run, old, 'last.copy', key), all: false });
      const wrong = done.checks.find(({ verdict }) => verdict !== 'pass');
      if (wrong) throw run.refused('OFFSITE_FAILED', wrong.evidence.join('; '));
      return done;
    },
    { asks: true },
  );
  return id;
}

/** Long enough for an answer that was ready; whoever reads the question through may find the old server back, or the standby changed. */
const FRESH_MS = 20_000;

const isFresh = ({ at }: Seen): boolean => Date.now() - at < FRESH_MS;

const isThereNow = async (old: Server, seen: Seen): Promise<boolean> =>
  isFresh(seen) ? seen.isThere : reads.canReach({ server: old });

async function host(run: Run): Promise<void> {
  await run.arrived();
  await hardenedHost(run);
  await run.converge('backup', 'backup.tools,backup.program,backup.offsite');
}

/** What was known at the question; one that was chosen, or has just been made, is looked for. */
const among = async (run: Run, backups: readonly Known[], wanted: string | undefined) =>
  wanted === undefined && backups.length > 0 ? backups : candidates(run, wanted);

/** The newest was agreed to; any other one is a question of its own. */
const another = async (run: Run, id: string, before: readonly string[]): Promise<boolean> =>
  before.length === 0 ||
  run.confirm({
    id: `restore-${id.toLowerCase()}`,
    title: `Go on from the backup of ${new Date(madeAt(id)).toISOString().slice(0, 16)}Z instead?`,
    instructions: [
      ...before,
      `This one is ${span(Date.now() - madeAt(id))} old: whatever came after it is lost`,
    ],
  });

const DAY_MS = 24 * 3600 * 1000;

/** Its name leads to the old one until a person has changed that; the service is up meanwhile, so the run does not fail of it. */
async function byItsName(run: Run): Promise<void> {
  const { kind, domain } = run.server.proxy;
  if (kind !== 'caddy' || domain === undefined) return;
  try {
    await run.manual('dns-record', {
      ...dnsRecord(run.server),
      timeoutMs: DAY_MS,
      remindEveryMs: DAY_MS / 24,
    });
  } catch (error) {
    if (runError(error).code !== 'GATE_TIMED_OUT') throw error;
    addNote(
      run.state,
      'name',
      `after a day ${domain} still does not lead to ${run.server.address}: change its record`,
    );
  }
}
