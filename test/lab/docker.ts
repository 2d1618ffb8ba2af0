// The machine's docker client, with the engine's own socket where that is how the engine was started.
import { useOwnSocket } from '../../scripts/dockerd.js';
import { must, type RunOptions, type RunResult, run } from '../../scripts/run.js';

/** Insists: a bad exit code is an error. */
export async function docker(args: readonly string[], o: RunOptions = {}): Promise<string> {
  await useOwnSocket();
  return (await must('docker', args, o)).trim();
}

/** Only tries: the caller looks at the exit code. */
export async function tryDocker(args: readonly string[], o: RunOptions = {}): Promise<RunResult> {
  await useOwnSocket();
  return run('docker', args, o);
}

export async function hasImage(tag: string): Promise<boolean> {
  return (await tryDocker(['image', 'inspect', '--format', '{{.Id}}', tag])).code === 0;
}
