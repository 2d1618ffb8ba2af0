// convenience: shortcuts, shared files and their page on a real host: closed until verified, and closed again when turned off.
import { run } from '../../scripts/run.js';
import { ensureStackImages } from '../lab/images/stack.js';
import type { LabHost } from '../lab/lab.js';
import { afterHardening, sshWords } from '../lab/ssh.js';
import type { CliResult } from './cli.js';
import { filesAt } from './convenience-page.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { chosenVersions, labelled, provisionedStack, type StackVersion } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

export async function convenience(proof: Proof): Promise<void> {
  for (const version of chosenVersions()) await onStage(proof, (stage) => onHost(proof, stage, version));
}

async function onHost(plain: Proof, stage: Stage, version: StackVersion): Promise<void> {
  const proof = labelled(plain, version);
  const more = () => ({ convenience: { shortcuts: true, uploads: true } });
  const { host } = await provisionedStack(proof, stage, `conv-${version.label}`, { version, more });
  await handsOver(proof, host);
  await staysClosed(proof, stage, host);
  await opens(proof, stage, host);
  await filesAt(proof, host, asDeploy);
  await knowsWords(proof, host);
  await closes(proof, stage, host);
}

/** As the deploy user types it after a login. */
async function asDeploy(host: LabHost, line: string, input?: string): Promise<CliLike> {
  const words = await sshWords(host, afterHardening);
  return run('ssh', ['-o', 'BatchMode=yes', ...words, line], { timeoutMs: 300_000, input });
}

export interface CliLike {
  code: number;
  stdout: string;
  stderr: string;
}

const said = ({ code, stdout, stderr }: CliLike): string => `exit ${code} ${(stdout + stderr).slice(-2_500)}`;

const stepsOf = ({ stdout }: CliResult, which: 'changed' | 'failed'): string[] =>
  (JSON.parse(stdout) as { steps: { id: string; status: string }[] }).steps
    .filter(({ status }) => status === which)
    .map(({ id }) => id);

const MOUNT = '/home/node/.openclaw/workspace/uploads';
const inGateway = (line: string): string => `docker exec openclaw sh -c '${line}'`;

async function handsOver(proof: Proof, host: LabHost): Promise<void> {
  const folder = await must(host, `stat -c '%a %u %G' ${FOLDER}/uploads`);
  proof.check(
    'the folder is the gateway’s, and its group the deploy user’s',
    folder.trim() === '2770 1000 deploy',
    folder,
  );
  const sent = await asDeploy(host, `cat >${FOLDER}/uploads/report.txt`, 'from you\n');
  proof.check('the deploy user puts a file there', sent.code === 0, said(sent));
  const read = await must(host, inGateway(`cat ${MOUNT}/report.txt; echo from it >${MOUNT}/answer.txt`));
  proof.check('the gateway reads it', read.trim() === 'from you', read);
  const back = await asDeploy(host, `cat ${FOLDER}/uploads/answer.txt`);
  proof.check('what the gateway writes, the deploy user reads', back.stdout.trim() === 'from it', said(back));
}

type Image = { repository: string; version: string };

const withImage = (image: Image) => ({
  convenience: { filebrowser: true },
  stack: { images: { filebrowser: image } },
});

/** The lab's own Caddy, in which there is no such program, for a Filebrowser that does not start. */
async function staysClosed(proof: Proof, stage: Stage, host: LabHost): Promise<void> {
  const { registry, images } = await ensureStackImages((line) => proof.say(line), ['caddy', 'filebrowser']);
  const at = ({ repository, version }: Image): Image => ({
    repository: `${registry}/${repository}`,
    version,
  });
  const before = await must(host, `docker inspect -f '{{.Id}}' openclaw-caddy`);
  stage.set(host.name, withImage(at(images.caddy)));
  const words = ['run', 'provision', '-s', host.name, '--yes', '--json', '--on-failure', 'abort'];
  const failed = await stage.cli(words, { timeoutMs: 900_000 });
  const step = failed.code === 1 ? stepsOf(failed, 'failed').join() : '';
  proof.check(
    'a Filebrowser that does not start ends the run',
    step === 'convenience.filebrowser',
    `${step} ${said(failed)}`,
  );
  const after = await must(host, `docker inspect -f '{{.Id}}' openclaw-caddy`);
  proof.check(
    'and the reverse proxy is the one of before, without its route',
    before === after,
    `${before}${after}`,
  );
  stage.set(host.name, withImage(at(images.filebrowser)));
}

async function opens(proof: Proof, stage: Stage, host: LabHost): Promise<void> {
  const opened = await stage.provision(host.name);
  proof.check('the real one is verified and shown', opened.code === 0, said(opened));
  proof.figure('Filebrowser turned on, verified and shown', seconds(opened.ms));
  const again = await stage.provision(host.name);
  const changed = again.code === 0 ? stepsOf(again, 'changed') : ['?'];
  proof.check('a second run: changed=0', changed.length === 0, `${changed.join()} ${said(again)}`);
  const verified = await stage.cli(['verify', '-s', host.name, '--json']);
  proof.check('verify is green', verified.code === 0, said(verified));
  const used = await must(host, `docker stats --no-stream --format '{{.MemUsage}}' openclaw-filebrowser`);
  proof.figure('Filebrowser at rest', used.trim().split(' ')[0] ?? '');
}

/** The word, and what must stand in its answer. */
const WORDS: readonly (readonly [string, RegExp])[] = [
  ['oc-help', /oc-status +containers/],
  ['oc-status', /openclaw-filebrowser/],
  ['oc-health', /caddy\s.*healthy[\s\S]*filebrowser\s.*healthy/],
  ['oc-doctor', /./],
  ['oc-audit', /critical/i],
  ['oc-sandbox', /./],
  ['oc-usage', /./],
  ['oc-memory-index', /./],
  ['oc-config', /valid/i],
  ['oc-config-get gateway.bind', /lan/],
  ['oc-disk', /uploads/],
  ['oc-logs', /./],
  ['oc-logs-gw', /./],
  ['oc-logs-llm', /./],
  ['oc-logs-egress', /./],
  ['oc-redis PING', /PONG/],
  ['oc-uploads', /report\.txt/],
  ['oc-backup', /^$/],
  ['echo id -u | oc-shell', /^1000$/m],
  ['oc-restart', /openclaw/],
  ['oc-start', /Healthy/],
];

/** A login of the deploy user’s, without SSH, which lets six in within half a minute. Aliases are for terminals: a script has to ask for them. */
const typed = (host: LabHost, word: string): Promise<CliLike> =>
  inLogin(host, `shopt -s expand_aliases; . /etc/profile; eval '${word}'`);

const inLogin = (host: LabHost, input: string): Promise<CliLike> =>
  host.exec('runuser -l deploy -c "$(cat)"', { timeoutMs: 300_000, input });

async function knowsWords(proof: Proof, host: LabHost): Promise<void> {
  for (const [word, answer] of WORDS) {
    const told = await typed(host, word);
    proof.check(word, told.code === 0 && answer.test((told.stdout + told.stderr).trim()), said(told));
  }
  const plain = await inLogin(host, `sh -lc 'eval oc-uploads'`);
  proof.check('a shell that is no bash takes the file too', plain.code === 0, said(plain));
}

async function closes(proof: Proof, stage: Stage, host: LabHost): Promise<void> {
  stage.set(host.name, { convenience: { shortcuts: false, filebrowser: false } });
  const off = await stage.provision(host.name);
  proof.check('turned off, the run is green', off.code === 0, said(off));
  const left = await must(
    host,
    `docker ps -aq --filter name=filebrowser; ls /etc/profile.d | grep openclaw; cat ${FOLDER}/uploads/report.txt`,
  );
  proof.check('no page and no words are left, and every file is', left === 'from you\n', left);
  const again = await stage.provision(host.name);
  const changed = again.code === 0 ? stepsOf(again, 'changed') : ['?'];
  proof.check('and a second run: changed=0', changed.length === 0, `${changed.join()} ${said(again)}`);
}
