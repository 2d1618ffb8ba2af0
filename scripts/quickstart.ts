// `npm run quickstart`: a disposable server, provisioned to the end before your eyes, with its gate answered.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { projectRoot } from '../src/temporal/paths.js';
import { findLocalServer } from '../src/temporal/server-source.js';
import { labServer } from '../test/lab/config.js';
import { type LabHost, labUp } from '../test/lab/lab.js';
import { ensureDockerEngine } from './docker-engine.js';
import { must } from './run.js';
import { SetupError } from './setup-error.js';

const NAME = 'lab';
const folder = join(projectRoot(), 'quickstart');
const shim = join(folder, 'clincher');
/** Well-formed, and known to nobody: the stand-in below accepts it as Telegram would accept yours. */
const TOKEN = `1000000001:${'quickstart-token-of-nobody-at-all-00'.slice(0, 35)}`;

/** Exit code of a run that found another one at work. */
const LOCKED = 7;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const began = Date.now();
  say(
    '1/4  Building clincher, starting a disposable server, finding Temporal. The first time takes some minutes.',
  );
  const [host] = await Promise.all([
    disposableServer(),
    must('node', [join(projectRoot(), 'scripts/build.mjs')]),
    findLocalServer(say),
  ]);
  say('2/4  Writing quickstart/clincher.yaml for it.');
  await workspace(host);
  const telegram = await standIn();
  try {
    await provision(apiOf(telegram));
  } finally {
    telegram.close();
  }
  say(`\nDone in ${Math.round((Date.now() - began) / 1000)} s.`);
  next(await webPage());
}

/** The run's own page, histories decoded. */
const webPage = async (): Promise<string> => (await must(shim, ['ui', '@last', '--no-open'])).trim();

async function disposableServer(): Promise<LabHost> {
  await ensureDockerEngine({ say });
  const [host] = await labUp([{ name: NAME, distro: 'debian13' }], { say, fresh: true });
  if (!host) throw new SetupError('the disposable server did not come up');
  return host;
}

/** Of its own each time, so that the gate is asked each time: a vault is never thrown away. */
const freshVault = (): string => `./vault-${Date.now().toString(36)}.age`;

/** What `clincher init` would ask for is known here. */
async function workspace(host: LabHost): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = {
    ...(await labServer(host)),
    docker: { source: 'distribution', nofile: 20_000 },
    // Its images would take a newcomer's patience: `npm run e2e -- stack` shows the whole.
    stack: { enabled: false },
  };
  writeFileSync(
    join(folder, 'clincher.yaml'),
    `# Made by npm run quickstart; clincher.example.yaml says what else there is.\n${stringify({ version: 1, secrets: { vault: freshVault() }, servers: { [NAME]: server } })}`,
  );
  writeFileSync(join(folder, 'token'), `${TOKEN}\n`, { mode: 0o600 });
  writeFileSync(
    shim,
    `#!/bin/sh\n# clincher, with this folder's configuration.\nexec env CLINCHER_CONFIG='${join(folder, 'clincher.yaml')}' node '${join(projectRoot(), 'dist/clincher.js')}' "$@"\n`,
  );
  chmodSync(shim, 0o755);
}

/** Answers getMe for our token only, on loopback: the real API must not be asked about a token of nobody. */
function standIn(): Promise<Server> {
  const server = createServer((request, response) => {
    const known =
      request.url === `/bot${encodeURIComponent(TOKEN)}/getMe` || request.url === `/bot${TOKEN}/getMe`;
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        known ? { ok: true, result: { is_bot: true, username: 'quickstart_bot' } } : { ok: false },
      ),
    );
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const apiOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Exit 8 means that a gate waits: then it is answered as you would answer it, and the run followed to its end. */
async function provision(api: string): Promise<void> {
  say('3/4  Provisioning it.');
  const words = ['run', 'provision', '--server', NAME, '--yes', '--no-input', '--on-failure', 'abort'];
  let first = await typed(words, {});
  if (first === LOCKED) {
    say('\nAn earlier quickstart waits still, for a server that is gone: it is ended.');
    await insist(['lock', 'release', '--server', NAME, '--confirm', NAME], {});
    first = await typed(words, {});
  }
  if (first === 0) return;
  if (first !== 8)
    throw new SetupError(`the run ended with exit code ${first}; look: quickstart/clincher show @last`);
  say(
    '\n4/4  The run waits for a person: the token that BotFather gives. Here it is a stand-in, and so is Telegram.',
  );
  await insist(['answer', 'telegram-token', '--server', NAME, '--secret-file', join(folder, 'token')], {
    CLINCHER_TELEGRAM_API: api,
  });
  await insist(['follow', '@last', '--no-input'], {});
}

async function insist(words: string[], env: Record<string, string>): Promise<void> {
  const code = await typed(words, env);
  if (code !== 0)
    throw new SetupError(
      `clincher ${words[0]} ended with exit code ${code}; look: quickstart/clincher show @last`,
    );
}

/** Shows the command as a person would type it, and what it prints. */
function typed(words: string[], env: Record<string, string>): Promise<number> {
  say(`\n$ clincher ${words.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(shim, words, { stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function next(page: string): void {
  say(`
The run in the web UI:
  ${page}
Look around:
  quickstart/clincher status
  quickstart/clincher verify -s ${NAME}               proves that nothing drifted
  quickstart/clincher run provision -s ${NAME} --yes  again: changes nothing
  npm run lab -- ssh ${NAME}                          log in to the server
Throw it away:
  quickstart/clincher down; npm run lab -- down ${NAME}
For your own server:
  node dist/clincher.js init`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `\n${error instanceof SetupError ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exit(1);
});
