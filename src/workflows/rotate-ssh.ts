// rotate-ssh: a new key logs in beside the old one, is proved, and then the old one is taken out, and proved refused.
import { CancellationScope } from '@temporalio/workflow';
import type { KeySwap, LoginKey, RunInput, RunState } from '../model.js';
import { reads } from './activities.js';
import { Run } from './run.js';
import type { View } from './story.js';

export interface SshRotation extends RunInput {
  keys: KeySwap;
}

export function rotateSsh({ keys, ...input }: SshRotation): Promise<RunState> {
  const run = new Run({ ...input, only: 'base.authorized-keys', from: undefined }, 'rotate-ssh');
  return run.tell(() => swap(run, keys));
}

/** The proof of the new key is the point of no return: before it all is undone, after it what the new one cannot do is told. */
async function swap(run: Run, { from, to, lines }: KeySwap): Promise<void> {
  run.state.sshKey = 'old';
  run.turnTo(by(from, lines));
  await run.converge('base');
  // Who is refused afterwards must have been let in before, or a file that cannot be read would look like a door that is shut.
  await login(run, 'ssh.old-in', 'The key of now logs in', from, 'taken');
  try {
    run.turnTo(by(from, [...lines.filter((line) => line !== to.line), to.line]));
    await run.converge('base');
    await login(run, 'ssh.new-in', 'The new key logs in', to, 'taken');
  } catch (error) {
    await CancellationScope.nonCancellable(() => undo(run, { from, to, lines }));
    throw error;
  }
  run.state.sshKey = 'new';
  run.turnTo(by(to, swapped(lines, from, to)));
  await run.converge('base');
  await login(run, 'ssh.old-out', 'The old key is refused', from, 'refused');
}

const undo = (run: Run, { from, lines }: KeySwap): Promise<void> =>
  run.putBack(async () => {
    run.turnTo(by(from, lines));
    await run.converge('base');
  });

/** In the old one's place, so that the file differs by a line; where the new one stood already, it stands once. */
const swapped = (lines: readonly string[], from: LoginKey, to: LoginKey): string[] =>
  lines.includes(to.line)
    ? lines.filter((line) => line !== from.line)
    : lines.map((line) => (line === from.line ? to.line : line));

/** The server, reached by one key and open to some. */
const by =
  ({ identity_file }: LoginKey, authorized_keys: string[]): View =>
  (server) => ({ ...server, ssh: { ...server.ssh, identity_file, authorized_keys } });

/** By this key and no other: the agent is asked only where it is the one that has it. */
const byItAlone =
  (key: LoginKey): View =>
  (server) => {
    const seen = by(key, [key.line])(server);
    return { ...seen, ssh: { ...seen.ssh, agent: key.identity_file === undefined } };
  };

function login(
  run: Run,
  id: string,
  title: string,
  key: LoginKey,
  expected: 'taken' | 'refused',
): Promise<void> {
  const server = byItAlone(key)(run.server);
  const work = () => reads.tryLogin.executeWithOptions({ summary: title }, [{ server, expected }]);
  return run.task('ssh', id, title, work, { asks: true });
}
