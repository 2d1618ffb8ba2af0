// `clincher run --wait`: where the server is busy the run waits its turn, also when nobody looks on; without it, LOCKED.
import { ClincherError } from '../../errors.js';
import type { Server } from '../../model.js';
import type { Runbook } from '../../workflows/catalog.js';
import type { Control, StartedRun, StartInput } from '../control.js';
import { timeoutMs } from '../input.js';
import type { Io } from '../io.js';
import { safe } from '../view/text.js';
import { addWait, isBusy, waitsAlready } from '../waits.js';

export interface WaitOptions {
  /** True: as long as is usual. */
  wait?: string | boolean | undefined;
}

const USUAL_SECONDS = 2 * 3600;
/** As the most patient schedule: each try to begin is in the history of whoever waits, with all that the run is started with. */
const MOST_SECONDS = 12 * 3600;

/** Seconds; nothing without `--wait`. Throws USAGE. */
export function patienceSeconds(
  { wait }: WaitOptions,
  { name, mutating, lockless }: Runbook,
): number | undefined {
  if (wait === undefined || wait === false) return undefined;
  if (!mutating || lockless)
    throw new ClincherError('USAGE', `${name} takes no lock, so there is nothing to --wait for.`);
  if (name === 'rotate-ssh') throw aheadOfTheServer();
  const seconds = wait === true ? USUAL_SECONDS : Math.ceil(timeoutMs(wait)! / 1000);
  if (seconds <= MOST_SECONDS) return seconds;
  throw new ClincherError('USAGE', `--wait ${wait}: a run waits for 12h at the longest.`);
}

/** Nobody could log in meanwhile. */
const aheadOfTheServer = (): ClincherError =>
  new ClincherError(
    'USAGE',
    'rotate-ssh does not --wait: clincher.yaml names the new key at once, and a server would not know it meanwhile.',
    { remedy: ['clincher lock status', 'the same without --wait, once nobody is at work'] },
  );

/** Throws LOCKED when the server is busy and nobody wants to wait, or when the same runbook waits already. */
export async function startOrWait(
  control: Control,
  book: Runbook,
  input: StartInput,
  options: WaitOptions,
): Promise<StartedRun> {
  const patience = patienceSeconds(options, book);
  try {
    return await control.start(book.name, input, { readOnly: !book.mutating || book.lockless === true });
  } catch (error) {
    if (!(error instanceof ClincherError && error.code === 'LOCKED')) throw error;
    if (patience === undefined) throw withWait(error, input.server.name);
    return await control.queue(book.name, input, { patienceSeconds: patience });
  }
}

const withWait = (error: ClincherError, server: string): ClincherError =>
  new ClincherError('LOCKED', error.message, {
    remedy: [...error.remedy, addWait(server)],
    cause: error,
  });

/** Before the plan: who is at work, so that a yes is known to wait. Throws LOCKED when the same runbook waits already. */
export async function tellBusy(
  io: Io,
  control: Control,
  { name: runbook }: Runbook,
  servers: readonly Server[],
  now: number,
): Promise<void> {
  for (const { name } of servers) {
    const holder = await control.holder(name);
    if (!holder) continue;
    const other = (await control.waiting()).find((one) => one.server === name && one.runbook === runbook);
    if (other && other.who !== 'schedule') throw waitsAlready(other, now);
    io.err(
      `${safe(isBusy(holder))}. A yes waits its turn; the plan is of now, and each step looks again then.\n`,
    );
  }
}
