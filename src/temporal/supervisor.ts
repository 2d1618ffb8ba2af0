// Entry point of the background process: `ensureUp` starts it, or systemd. Everything it needs is in the state folder.
import { acquire, holds, release } from './lock.js';
import { LOG_NAMES, logFile, rotate } from './logs.js';
import { inState } from './paths.js';
import { prepare } from './prepare.js';
import { NAMESPACE } from './state.js';
import { Supervision } from './supervision.js';

const READY_WITHIN_MS = 60_000;
const LOOK_AROUND_MS = 1_000;
const ROTATE_MS = 60_000;

const lockFile = () => inState('supervisor.lock');
const say = (line: string) => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);

async function supervise(): Promise<void> {
  if (!acquire(lockFile())) return say('another supervisor is at work; leaving it to that one');
  const supervision = new Supervision(say);
  let leaving: Promise<void> | undefined;
  const leave = (why: string, error?: string) => {
    leaving ??= leaveWith(supervision, why, error);
  };
  listen(supervision, leave);
  try {
    await supervision.start();
    if (!leaving) say('up');
  } catch (error) {
    leave('cannot start', error instanceof Error ? error.message : String(error));
  }
}

type Leave = (why: string, error?: string) => void;

async function leaveWith(supervision: Supervision, why: string, error?: string): Promise<void> {
  say(`leaving: ${error === undefined ? why : `${why}: ${error}`}`);
  await supervision.stop({ saved: holds(lockFile()), error });
  release(lockFile());
  process.exit(error === undefined ? 0 : 1);
}

function listen(supervision: Supervision, leave: Leave): void {
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => leave(name));
  process.on('SIGHUP', () => void supervision.restartWorker());
  process.on('uncaughtException', (error) => leave('unexpected', error.stack));
  // Whoever takes the lock away, or the whole state folder, wants us gone.
  setInterval(() => holds(lockFile()) || leave('the lock is gone'), LOOK_AROUND_MS);
  setInterval(rotateLogs, ROTATE_MS);
}

function rotateLogs(): void {
  for (const name of LOG_NAMES) rotate(logFile(name));
}

const toPrepare = process.env['CLINCHER_PREPARE'];
if (toPrepare) await prepare(toPrepare, NAMESPACE, READY_WITHIN_MS);
else await supervise();
