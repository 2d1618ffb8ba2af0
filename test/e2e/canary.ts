// canary: secrets that nobody can mistake go through every gate, source and file, and then are nowhere that others can read.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import { readVault } from '../../src/secrets/vault.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { foundIn, foundUnder, type Needle, needle } from './forms.js';
import type { Proof } from './proof.js';
import { rawHistories } from './raw-history.js';
import { sampleHere, sampleHost } from './sampler.js';
import { onStage, type Stage } from './stage.js';

const name = 'canary';
const random = (): string => randomBytes(18).toString('base64url');

const SECRETS = {
  passphrase: `canary-pass-${random()}`,
  sudo: `canary-sudo-${random()}`,
  token: `123456789:AA${random()}${random()}`.slice(0, 45),
  refused: `canary-refused-${random()}`,
  vault: `canary-vault-${random()}`,
  control: `canary-control-${random()}`,
};

export async function canary(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const [host] = (await stage.hosts([{ name, distro: 'debian12', sshMode: 'service' }])) as [LabHost];
    const sources = prepareSources(stage);
    await prepareHost(stage, host, sources);
    const [here, there] = [sampleHere(), await sampleHost(host)];
    const said = Buffer.concat((await throughEveryGate(stage, proof)).map(outputOf));
    await host.exec(`bash -c 'exec -a ${SECRETS.control} sleep 1'`);
    execFileSync('bash', ['-c', `exec -a ${SECRETS.control} sleep 1`]);
    const processes = { here: await here.stop(), there: await there.stop() };
    const needles = [
      ...Object.entries(SECRETS).map(([key, value]) => needle(key, value)),
      ...(await internal(stage)),
    ];
    proof.figure('secrets', needles.length - 1);
    proof.figure('forms looked for', needles.flatMap(({ forms }) => forms).length);
    const nowhere = (what: string, found: readonly string[], control: boolean): void => {
      const leaked = found.filter((one) => !one.endsWith('control'));
      proof.check(`${what}: none of them`, leaked.length === 0, leaked.join('\n'));
      proof.check(`${what}: the control is found, so the search sees`, control);
    };
    const byName = (hay: Buffer): [string[], boolean] => [
      foundIn(hay, needles),
      foundIn(Buffer.concat([hay, Buffer.from(SECRETS.control)]), needles).includes('control'),
    ];
    nowhere('what commands printed, --debug included', ...byName(said));
    nowhere(
      'processes of the host',
      foundIn(processes.there, needles),
      processes.there.includes(SECRETS.control),
    );
    nowhere(
      'processes of this machine',
      foundIn(processes.here, needles),
      processes.here.includes(SECRETS.control),
    );
    await lookAtHistories(stage, proof, needles);
    await lookAtHost(host, nowhere, needles);
    writeFileSync(join(stage.home, 'control.log'), Buffer.from(SECRETS.control).toString('base64'));
    const under = foundUnder(stage.folder, needles);
    nowhere(
      'state folder, worker logs, sqlite, vault',
      under,
      under.some((one) => one.endsWith(': control')),
    );
  });
}

const outputOf = ({ stdout, stderr }: CliResult): Buffer => Buffer.from(stdout + stderr);

/** Outside of the stage's own folder, which is searched afterwards. */
function prepareSources(stage: Stage): { folder: string; key: string; sudo: string; pass: string } {
  const folder = `${stage.folder}-sources`;
  mkdirSync(folder, { mode: 0o700 });
  const [key, sudo, pass] = [join(folder, 'key'), join(folder, 'sudo'), join(folder, 'pass')];
  writeFileSync(sudo, SECRETS.sudo, { mode: 0o600 });
  writeFileSync(pass, `${SECRETS.passphrase}\n`, { mode: 0o600 });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', SECRETS.passphrase, '-C', 'canary', '-f', key]);
  stage.alsoClear(folder);
  return { folder, key, sudo, pass };
}

/** A cloud user who may become root by password alone. */
async function prepareHost(
  stage: Stage,
  host: LabHost,
  { key, pass }: { key: string; pass: string },
): Promise<void> {
  const publicKey = readFileSync(`${key}.pub`, 'utf8').trim();
  const line = `useradd -m -s /bin/bash -G sudo admin && chpasswd && install -d -o admin -m 700 /home/admin/.ssh && echo '${publicKey}' >/home/admin/.ssh/authorized_keys && chown admin: /home/admin/.ssh/authorized_keys`;
  const { code, stderr } = await host.exec(line, { input: `admin:${SECRETS.sudo}\n` });
  if (code !== 0) throw new Error(stderr);
  stage.set(name, {
    ssh: {
      identity_file: key,
      identity_passphrase: `exec:cat ${pass}`,
      sudo_password: 'env:CANARY_SUDO',
      authorized_keys: [publicKey],
      first_contact: { user: 'admin', port: 22 },
      agent: false,
    },
    channels: { telegram: { enabled: true } },
  });
}

async function throughEveryGate(stage: Stage, proof: Proof): Promise<CliResult[]> {
  const env = { CANARY_SUDO: SECRETS.sudo };
  const all: CliResult[] = [];
  const cli = async (words: string[], input?: string): Promise<CliResult> => {
    const done = await stage.cli([...words, '--debug'], { env, ...(input === undefined ? {} : { input }) });
    all.push(done);
    return done;
  };
  const code = (what: string, { code: got, stdout, stderr }: CliResult, wanted: number): void =>
    proof.check(`${what}: exit ${wanted}`, got === wanted, `exit ${got}\n${stdout}${stderr}`);
  code('up', await cli(['up']), 0);
  code('secrets set by stdin', await cli(['secrets', 'set', `${name}/extra`], SECRETS.vault), 0);
  code('secrets generate', await cli(['secrets', 'generate', '-s', name]), 0);
  const run = ['run', 'provision', '-s', name, '--yes', '--json', '--on-failure', 'ask'];
  const first = await cli(run);
  code('provision waits for the token', first, 8);
  const answer = ['answer', 'telegram-token', '-s', name, '--secret-file', '-'];
  code('a token of the wrong shape is refused', await cli(answer, SECRETS.refused), 2);
  code('the token is taken', await cli(answer, SECRETS.token), 0);
  code('the run ends', await cli(['follow', '@last', '-s', name, '--json', '--timeout', '2m']), 0);
  stage.set(name, { ssh: { sudo_password: `file:${stage.folder}-sources/sudo` } });
  code('a second run, its password from a file', await cli(run), 0);
  for (const words of [
    ['plan', '-s', name, '--diff'],
    ['verify', '-s', name, '--json'],
    ['show', '@last', '--json'],
    ['audit', 'export', '-s', name],
  ])
    code(words.join(' '), await cli(words), 0);
  code('logs', await cli(['logs', first.doc.run, '-s', name]), 0);
  code('secrets ls', await cli(['secrets', 'ls', '--ask', '--json']), 0);
  code('config show', await cli(['config', 'show', '--json']), 0);
  return all;
}

/** Those that were made for us: read from the vault as the worker reads it. */
async function internal(stage: Stage): Promise<Needle[]> {
  const { secrets } = loadConfig(stage.config, { cwd: stage.folder, env: stage.env });
  const vault = await readVault(secrets);
  const entries = Object.entries(vault?.entries ?? {}).filter(
    ([key]) => !key.endsWith('/extra') && !key.includes('telegram'),
  );
  return entries.map(([key, entry]) => needle(key, entry.value));
}

async function lookAtHistories(stage: Stage, proof: Proof, needles: readonly Needle[]): Promise<void> {
  const { bytes, runs, events } = await rawHistories(stage.plane);
  proof.figure('histories', `${runs} runs, ${events} events, ${bytes.length} bytes`);
  const leaked = foundIn(bytes, needles);
  proof.check('histories as stored: none of them', leaked.length === 0, leaked.join('\n'));
  proof.check(
    'histories as stored: encrypted, step ids and all arguments',
    events > 50 && !bytes.includes('admin_addresses'),
  );
}

type Nowhere = (what: string, found: readonly string[], control: boolean) => void;

/** Files and journal of the whole host; the lists of forms come by stdin, so that the search itself is in no process list. */
async function lookAtHost(host: LabHost, nowhere: Nowhere, needles: readonly Needle[]): Promise<void> {
  await host.exec('cat >/root/control', { input: SECRETS.control });
  const list = needles.flatMap(({ forms }) => forms).join('\n');
  const search = `cat >/dev/shm/forms
{ find / -xdev -type f ! -path '/proc/*' ! -path '/sys/*' ! -path '/dev/*' -print0; find /run /tmp -type f -print0; } | xargs -0 grep -laFf /dev/shm/forms 2>/dev/null | sort -u
journalctl -a -o cat 2>/dev/null | grep -aFf /dev/shm/forms | head -3; rm -f /dev/shm/forms`;
  const { stdout } = await host.exec(search, { input: list, timeoutMs: 300_000 });
  const found = stdout.split('\n').filter((line) => line !== '' && line !== '/root/control');
  nowhere('files and journal of the host', found, stdout.includes('/root/control'));
}
