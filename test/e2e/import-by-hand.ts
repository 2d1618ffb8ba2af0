// A host that a person set up by hand, in values of their own: adopted, it plans no change to what already agrees.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fingerprint } from '../../src/secrets/secret.js';
import { ensureStackImages } from '../lab/images/stack.js';
import { labKey } from '../lab/key.js';
import type { LabHost } from '../lab/lab.js';
import { machineAddress } from '../lab/network.js';
import type { CliResult } from './cli.js';
import { DOMAIN, FOLDER, host, OPENCLAW, PORT, PROJECT, SECRETS, stackOf, USER } from './import-set-up.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import type { Stage } from './stage.js';

const NAME = 'byhand';

export async function adoptByHand(proof: Proof, stage: Stage): Promise<void> {
  const images = await ensureStackImages(
    (line) => proof.say(line),
    [`openclaw-${OPENCLAW}`, 'redis', 'caddy'],
  );
  const spec = { name: NAME, distro: 'debian13', sshMode: 'service', memory: '4g' } as const;
  const [made] = (await stage.hosts([spec])) as [LabHost];
  for (const { line, input } of [...host(), ...stackOf(images)]) {
    const { code, stderr, stdout } = await made.exec(line, { timeoutMs: 400_000, input: input ?? '' });
    if (code !== 0) throw new Error(`${line.slice(0, 80)}: ${stderr || stdout}`);
  }
  proof.say('  a person has set it up');
  await stage.up();
  const before = await picture(made);
  const file = await adopted(proof, stage, made);
  if (file === undefined) return;
  const words = ['plan', 'provision', '-s', NAME, '--config', file, '--json'];
  const plan = await stage.cli(words, { timeoutMs: 300_000 });
  agrees(proof, plan);
  await wouldNotOtherwise(proof, stage);
  const after = await picture(made);
  proof.check('looking changed nothing on it', after === before, differing(before, after));
  await takesSecrets(proof, stage, file);
}

/** Whatever adopting could touch: files with their times and modes, packages, rules, what listens, containers. */
const picture = (of: LabHost): Promise<string> =>
  must(
    of,
    `find /etc /home /srv /usr/local /var/spool/cron -printf '%p %T@ %m %U:%G %s\\n' | sort; dpkg-query -W; ufw status verbose; ss -Hltn | awk '{ print $4 }' | sort; docker ps -a --format '{{.ID}} {{.Names}}'; systemctl list-unit-files --no-legend --state=enabled,disabled,masked`,
  );

const differing = (before: string, after: string): string => {
  const known = new Set(before.split('\n'));
  return after
    .split('\n')
    .filter((line) => !known.has(line))
    .join('\n');
};

const EXPECTED: Readonly<Record<string, unknown>> = {
  'ssh.user': USER,
  'ssh.port': PORT,
  'ssh.admin_addresses': [machineAddress],
  'firewall.web_sources': 'any',
  'firewall.fail2ban.max_retry': 5,
  'firewall.fail2ban.ban_seconds': 7200,
  'firewall.fail2ban.find_seconds': 300,
  'system.unattended_upgrades.reboot': false,
  'system.unattended_upgrades.reboot_time': '02:30',
  'docker.source': 'distribution',
  'docker.dns': ['9.9.9.9'],
  'docker.log_max_size': '5m',
  'docker.log_max_file': 7,
  'docker.nofile': 4096,
  'stack.directory': FOLDER,
  'stack.images.openclaw.version': OPENCLAW,
  'stack.images.caddy.version': '2.8.4-alpine',
  'proxy.kind': 'caddy',
  'proxy.domain': DOMAIN,
};

interface Done {
  settings: unknown[];
  left: { name: string; place: string; why: string }[];
  unknown: string[];
}

async function adopted(
  proof: Proof,
  stage: Stage,
  { address, hostKeys }: LabHost,
): Promise<string | undefined> {
  const file = join(stage.folder, 'adopted', 'clincher.yaml');
  mkdirSync(join(stage.folder, 'adopted'));
  const set = [
    ...[`address=${address}`, `ssh.first_contact.user=${USER}`, `ssh.first_contact.port=${PORT}`],
    ...['stack.enabled=false', 'channels.telegram.enabled=false'],
  ].flatMap((each) => ['--set', each]);
  const keys = hostKeys.flatMap((each) => ['--host-key', each]);
  const words = [
    'adopt',
    NAME,
    '--config',
    file,
    ...set,
    '--key',
    `${labKey().privateKeyFile}.pub`,
    ...keys,
    '--json',
  ];
  const done = await stage.cli(words, { timeoutMs: 200_000 });
  proof.check('it is adopted', done.code === 0, done.stdout + done.stderr);
  if (done.code !== 0) return undefined;
  const check = await stage.cli(['config', 'check', '--config', file]);
  proof.check('`config check` finds nothing wrong with what was written', check.code === 0, check.stderr);
  const server = (parse(readFileSync(file, 'utf8')) as { servers: Record<string, unknown> }).servers[NAME];
  const wrong = Object.entries(EXPECTED).filter(
    ([key, value]) => JSON.stringify(at(server, key)) !== JSON.stringify(value),
  );
  proof.check(
    `its ${Object.keys(EXPECTED).length} settings are the ones that the person made`,
    wrong.length === 0,
    wrong.map(([key]) => `${key}: ${JSON.stringify(at(server, key))}`).join('\n'),
  );
  told(proof, JSON.parse(done.stdout) as Done);
  const said = done.stdout + done.stderr + readFileSync(file, 'utf8');
  const leaked = Object.entries(SECRETS).filter(([, value]) => said.includes(value));
  proof.check('no secret of theirs was said or written', leaked.length === 0, leaked.map(String).join());
  return file;
}

function told(proof: Proof, { settings, left, unknown }: Done): void {
  proof.figure('taken over from the host', `${settings.length} settings`);
  proof.check('all of it could be read', unknown.length === 0, unknown.join('\n'));
  const named = left.map(({ name, place }) => `${name} ${place}`);
  proof.check(
    'what no key says is told: their compose project, and their secrets by name',
    named.includes(`compose project ${PROJECT} ${FOLDER}`) &&
      named.includes(`${Object.keys(SECRETS).join(', ')} ${FOLDER}/.env`),
    JSON.stringify(left, null, 1),
  );
}

/** As it was told to them, word for word; a pipe is what a shell makes of it. */
async function takesSecrets(proof: Proof, stage: Stage, file: string): Promise<void> {
  const words = ['exec', NAME, '--sudo', '--config', file, '--', 'cat', `${FOLDER}/.env`];
  const { stdout } = await stage.cli(words);
  const taken = await stage.cli(['secrets', 'import', '-', '-s', NAME, '--config', file], { input: stdout });
  const ls = await stage.cli(['secrets', 'ls', '-s', NAME, '--config', file, '--json']);
  const missing = Object.values(SECRETS).filter((value) => !ls.stdout.includes(fingerprint(value)));
  proof.check(
    'their secrets are taken over as it said, and none is shown',
    taken.code === 0 && missing.length === 0 && !(taken.stdout + ls.stdout).includes(SECRETS.OPENAI_API_KEY),
    taken.stdout + taken.stderr + ls.stdout.slice(0, 800),
  );
}

const at = (tree: unknown, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>((inner, part) => (inner as Record<string, unknown> | undefined)?.[part], tree);

interface Planned {
  steps: { id: string; status: string; changes: { what: string; diff?: { after: string } }[] }[];
}

/** States that the person had made as clincher would. */
const AS_IT_IS = [
  ...[
    'base.user',
    'base.authorized-keys',
    'base.ssh-door',
    'base.docker',
    'base.compose',
    'base.docker-daemon',
    'base.docker-group',
    'base.directories',
  ],
  ...['harden.web-ports'],
];

/** What would undo a decision of theirs. */
const UNDOES =
  /Port \d|PermitRootLogin|PasswordAuthentication|set (net\.core\.somaxconn|vm\.swappiness)|limit from|close: |join|create user|shell of|Automatic-Reboot/;

function agrees(proof: Proof, plan: CliResult): void {
  proof.check('a plan can be made', plan.code === 0, plan.stdout.slice(0, 1500) + plan.stderr);
  const { steps } = JSON.parse(plan.stdout) as Planned;
  const changing = steps.filter(({ changes }) => changes.length > 0);
  const touched = changing.filter(({ id }) => AS_IT_IS.includes(id));
  proof.check(
    `no change is planned to what already agrees: ${AS_IT_IS.length} steps`,
    steps.length > 15 && touched.length === 0,
    JSON.stringify(touched, null, 1),
  );
  const undoing = changing.flatMap(({ id, changes }) =>
    changes.filter(({ what }) => UNDOES.test(what)).map(({ what }) => `${id}: ${what}`),
  );
  proof.check('and none that would undo a decision of theirs', undoing.length === 0, undoing.join('\n'));
  const conf = changing.find(({ id }) => id === 'harden.fail2ban')?.changes[0]?.diff?.after ?? '';
  proof.check(
    'what is written anew says what they said',
    /maxretry = 5\nbantime = 7200\nfindtime = 300/.test(conf),
    conf,
  );
  const added = changing.map(({ id }) => id).join(', ');
  proof.figure('planned', `${steps.length - changing.length} of ${steps.length} steps as they are; ${added}`);
}

/** The same host, under the defaults: so that the checks above can fail. */
async function wouldNotOtherwise(proof: Proof, stage: Stage): Promise<void> {
  stage.set(NAME, { ssh: { first_contact: { user: USER, port: PORT } }, docker: { nofile: 65_536 } });
  const plan = await stage.cli(['plan', 'provision', '-s', NAME, '--json'], { timeoutMs: 300_000 });
  const { steps } = JSON.parse(plan.stdout) as Planned;
  const touched = steps.filter(({ id, changes }) => AS_IT_IS.includes(id) && changes.length > 0);
  proof.check(
    'under the defaults the same plan would change them',
    touched.length >= 4,
    touched.map(({ id }) => id).join(),
  );
}
