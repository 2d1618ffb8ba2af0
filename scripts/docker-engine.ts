// Makes sure that a Docker engine answers: uses the one that is there, else installs and starts one, or says how.
import { consent } from './consent.js';
import { startByHand, useOwnSocket } from './dockerd.js';
import { ensurePackages, hasSystemd, isRoot } from './packages.js';
import { patiently, type Say } from './patiently.js';
import { run } from './run.js';
import { SetupError } from './setup-error.js';

/** Rejects with a SetupError, whose message is the whole advice, where it may not or cannot. */
export async function ensureDockerEngine({ say }: { say: Say }): Promise<void> {
  const answer = await ask();
  if (answer.ok || (await useOwnSocket())) return;
  const given = process.env['DOCKER_HOST'];
  if (given)
    throw new SetupError(`DOCKER_HOST is ${given}, but no Docker engine answers there: ${answer.said}`);
  if (process.platform !== 'linux')
    throw new SetupError('Please start Docker (Linux only: the lab needs its bridge).');
  if (!isRoot()) throw new SetupError(advice(answer.said));
  await consent('No Docker engine answers. Install (docker.io) and start one?', advice(''));
  await installEngine(say);
  await patiently(say, 'Starting the Docker engine', startEngine);
}

async function ask(): Promise<{ ok: boolean; said: string }> {
  const result = await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 15_000 });
  return { ok: result.code === 0 && /^\d/.test(result.stdout), said: result.stderr.trim() };
}

function advice(said: string): string {
  if (/permission denied/i.test(said)) {
    return 'A Docker engine runs, but this user may not talk to it. Please type, then log in again:\n  sudo usermod -aG docker "$USER"';
  }
  return [
    'This needs a Docker engine, and none answers. Please type, then log in again:',
    '  sudo apt-get install -y docker.io',
    '  sudo systemctl enable --now docker',
    '  sudo usermod -aG docker "$USER"',
  ].join('\n');
}

async function installEngine(say: Say): Promise<void> {
  if ((await run('dockerd', ['--version'])).code !== 0)
    await ensurePackages(['docker.io', 'iptables'], { say, agreed: true });
  // Debian 13 has the client in a package of its own.
  if ((await run('docker', ['--version'])).code !== 0)
    await ensurePackages(['docker-cli'], { say, agreed: true });
}

async function startEngine(): Promise<void> {
  if ((await ask()).ok) return;
  const log = (await hasSystemd()) ? await startBySystemd() : await startByHand();
  for (let i = 0; i < 150; i++) {
    if ((await ask()).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  throw new SetupError(`The Docker engine was started but does not answer; why is in: ${log}`);
}

async function startBySystemd(): Promise<string> {
  await run('systemctl', ['enable', '--now', 'docker']);
  return 'journalctl -u docker';
}
