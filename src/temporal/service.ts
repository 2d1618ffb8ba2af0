// A systemd user unit, so that the control plane comes back when the machine does: `clincher up --service`.
import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ClincherError } from '../errors.js';
import { down } from './control-plane.js';
import { cacheDir, entryWords, makeFolder, stateDir } from './paths.js';
import type { Say } from './server-source.js';

const UNIT = 'clincher.service';

const unitFile = () =>
  join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'systemd', 'user', UNIT);

/** Call it after `ensureUp`, so that the server is found already; systemd then runs what ran before. */
export async function installService({ say }: { say: Say }): Promise<void> {
  await requireSystemd();
  if (process.env['CLINCHER_CODEC_KEY']) throw keyInEnvironment();
  const env = { ...process.env, CLINCHER_HOME: stateDir(), CLINCHER_CACHE: cacheDir() };
  makeFolder(dirname(unitFile()));
  writeFileSync(unitFile(), unitText(entryWords('supervisor'), stateDir(), env));
  await down({ say });
  await systemctl('daemon-reload');
  await systemctl('enable', '--now', UNIT);
  say(`Temporal runs as the systemd user service ${UNIT} from now on.`);
  const linger = `sudo loginctl enable-linger ${userInfo().username}`;
  if (!lingers()) say(`So that it starts without a login too: ${linger}`);
}

/** Answers false when it was not installed. */
export async function removeService({ say }: { say: Say }): Promise<boolean> {
  if (!existsSync(unitFile())) return false;
  await requireSystemd();
  await systemctl('disable', '--now', UNIT);
  rmSync(unitFile(), { force: true });
  await systemctl('daemon-reload');
  say(`${UNIT} is removed; histories are kept.`);
  return true;
}

export const isServiceInstalled = () => existsSync(unitFile());

/** What a service must know that a shell knew. Settings only: a unit file is no place for a secret. */
const KEPT = [
  'CLINCHER_HOME',
  'CLINCHER_CACHE',
  'CLINCHER_CODEC',
  'CLINCHER_CODEC_KEY_FILE',
  'CLINCHER_IDENTITY',
  'CLINCHER_METRICS',
  'CLINCHER_TELEMETRY',
  'CLINCHER_PAGE',
  'CLINCHER_PAGE_URL',
  'PATH',
] as const;

const kept = (env: NodeJS.ProcessEnv) =>
  KEPT.filter((name) => env[name]).map((name) => quoted(`${name}=${env[name]}`));

/** The supervisor ends its children in order, so only it gets the signal; it is given time for that. */
export const unitText = (words: string[], home: string, env: NodeJS.ProcessEnv) => `[Unit]
Description=clincher: Temporal, its web UI and the worker
StartLimitIntervalSec=0

[Service]
ExecStart=${words.map(argument).join(' ')}
Environment=${kept(env).join(' ')}
WorkingDirectory=${home.replaceAll('%', '%%')}
StandardOutput=append:${home.replaceAll('%', '%%')}/logs/supervisor.log
StandardError=inherit
KillMode=mixed
TimeoutStopSec=60
Restart=on-failure
RestartSec=5

[Install]
WantedBy=default.target
`;

/** `%` means something to systemd even inside quotes, and `$` in commands. */
const quoted = (text: string) =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
const argument = (word: string) => quoted(word).replaceAll('$', '$$$$');

const lingers = () => existsSync(join('/var/lib/systemd/linger', userInfo().username));

async function requireSystemd(): Promise<void> {
  if (!existsSync('/run/systemd/system')) throw noSystemd('this machine was not started by systemd');
  try {
    await systemctl('show-environment');
  } catch (error) {
    throw noSystemd(error instanceof Error ? error.message.split('\n').at(-1)! : String(error));
  }
}

const systemctl = (...words: string[]) =>
  promisify(execFile)('systemctl', ['--user', ...words], { timeout: 90_000 });

const keyInEnvironment = () =>
  new ClincherError('USAGE', 'CLINCHER_CODEC_KEY is set in this shell; a service would not have it.', {
    remedy: ['put the key into a file of your own (0600) and name it in CLINCHER_CODEC_KEY_FILE'],
  });

const noSystemd = (why: string) =>
  new ClincherError('USAGE', `A service needs the systemd of this user: ${why}.`, {
    remedy: [
      'clincher up, which runs in the background until the machine restarts',
      'or run docker compose -f docker-compose.temporal.yml up -d, and set TEMPORAL_ADDRESS',
    ],
  });
