// A systemd user unit, so that the control plane comes back when the machine does: `clincher up --service`.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ClincherError } from '../errors.js';
import { down } from './control-plane.js';
import { cacheDir, entryWords, stateDir } from './paths.js';
import type { Say } from './server-source.js';

const UNIT = 'clincher.service';

const unitFile = () =>
  join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'systemd', 'user', UNIT);

/** Call it after `ensureUp`, so that the server is found already; systemd then runs what ran before. */
export async function installService({ say }: { say: Say }): Promise<void> {
  await requireSystemd();
  mkdirSync(dirname(unitFile()), { recursive: true });
  writeFileSync(
    unitFile(),
    unitText({ words: entryWords('supervisor'), home: stateDir(), cache: cacheDir() }),
  );
  await down({ say });
  await systemctl('daemon-reload');
  await systemctl('enable', '--now', UNIT);
  say(`Temporal runs as the systemd user service ${UNIT} from now on.`);
  if (!lingers())
    say(`So that it starts without a login too: sudo loginctl enable-linger ${userInfo().username}`);
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

interface Unit {
  words: string[];
  home: string;
  cache: string;
}

/** The supervisor ends its children in order, so only it gets the signal; it is given time for that. */
export const unitText = ({ words, home, cache }: Unit) => `[Unit]
Description=clincher: Temporal, its web UI and the worker
StartLimitIntervalSec=0

[Service]
ExecStart=${words.map(quoted).join(' ')}
Environment=${quoted(`CLINCHER_HOME=${home}`)} ${quoted(`CLINCHER_CACHE=${cache}`)}
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

/** `%` and `$` mean something to systemd even inside quotes. */
const quoted = (word: string) =>
  `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

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

const noSystemd = (why: string) =>
  new ClincherError('USAGE', `A service needs the systemd of this user: ${why}.`, {
    remedy: [
      'clincher up, which runs in the background until the machine restarts',
      'or run docker compose -f docker-compose.temporal.yml up -d, and set TEMPORAL_ADDRESS',
    ],
  });
