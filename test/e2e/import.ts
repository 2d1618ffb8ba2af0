// import: the Ansible peer's project becomes a clincher.yaml; a host that was set up by hand one that plans nothing anew.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { fingerprint } from '../../src/secrets/secret.js';
import { PASSWORD } from '../ansible/sealed.js';
import { labKey } from '../lab/key.js';
import { realAnsible } from './ansible.js';
import { adoptByHand } from './import-by-hand.js';
import type { Proof } from './proof.js';
import { onStage, type Stage } from './stage.js';

const PEER = fileURLToPath(new URL('../ansible/peer', import.meta.url));
const SECRETS = fileURLToPath(new URL('../ansible/peer-secrets.yml', import.meta.url));

export async function importing(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    await ofAnsible(proof, stage);
    await adoptByHand(proof, stage);
  });
}

interface Imported {
  settings: number;
  left: { name: string; place: string; why: string }[];
  stored: string[];
}

async function ofAnsible(proof: Proof, stage: Stage): Promise<void> {
  const { project, password } = await peer(proof, stage);
  const file = join(stage.folder, 'imported', 'clincher.yaml');
  const words = ['import', 'ansible', project, '--config', file, '--json'];
  const key = ['--key', `${labKey().privateKeyFile}.pub`];
  const refused = await stage.cli([...words, ...key, '--secret-file', '-'], { input: 'wrong\n' });
  const untouched = !existsSync(file) && !existsSync(join(stage.folder, 'imported', 'clincher.vault.age'));
  proof.check(
    'a wrong password: said with its file, nothing written',
    refused.code === 2 && untouched,
    refused.stderr,
  );

  const done = await stage.cli([...words, ...key, '--secret-file', password]);
  proof.check('the peer’s project is imported', done.code === 0, done.stdout + done.stderr);
  if (done.code !== 0) return;
  const { settings, left, stored } = JSON.parse(done.stdout) as Imported;
  proof.figure(
    'imported',
    `${settings} settings, ${stored.length} secrets; ${left.length} named as not carried over`,
  );
  const check = await stage.cli(['config', 'check', '--config', file]);
  proof.check('`config check` finds nothing wrong with it', check.code === 0, check.stdout + check.stderr);
  nothingLeaks(proof, done.stdout + done.stderr + readFileSync(file, 'utf8'));
  const again = await stage.cli([...words, ...key, '--secret-file', password]);
  proof.check(
    'a second import replaces nothing',
    again.code === 2 && /is there already/.test(again.stderr),
    again.stderr,
  );
  await asAnsibleSaysIt(proof, stage, { project, password, file, left });
}

const clear = (): Record<string, string | Record<string, string>> =>
  parse(readFileSync(SECRETS, 'utf8')) as Record<string, string | Record<string, string>>;

/** A copy of it, with a vault that the real ansible-vault has just made, where there is one. */
async function peer(proof: Proof, stage: Stage): Promise<{ project: string; password: string }> {
  const project = join(stage.folder, 'peer');
  const password = join(stage.folder, 'vault-pass');
  cpSync(PEER, project, { recursive: true });
  mkdirSync(join(stage.folder, 'imported'));
  writeFileSync(password, `${PASSWORD}\n`, { mode: 0o600 });
  const ansible = await realAnsible((line) => proof.say(line));
  const vault = join(project, 'group_vars/all/vault.yml');
  if (ansible) cpSync(SECRETS, vault);
  await ansible?.encrypt(vault, password);
  proof.figure(
    'vault encrypted by',
    ansible ? `ansible-core ${ansible.version}` : 'ansible-core 2.19.14, before',
  );
  return { project, password };
}

function nothingLeaks(proof: Proof, text: string): void {
  const values = Object.values(clear()).flatMap((value): string[] =>
    typeof value === 'string' ? [value] : Object.values(value),
  );
  const seen = values.filter((value) => text.includes(value));
  proof.check(
    'no secret stands in the file, nor was one said',
    values.length > 6 && seen.length === 0,
    `${seen.length}`,
  );
}

/** Every variable that Ansible itself sees is a setting, a secret or named; and the token is the one that it would use. */
async function asAnsibleSaysIt(
  proof: Proof,
  stage: Stage,
  {
    project,
    password,
    file,
    left,
  }: { project: string; password: string; file: string; left: Imported['left'] },
): Promise<void> {
  const ansible = await realAnsible((line) => proof.say(line));
  if (!ansible) return proof.say('  no ansible-core here: its own view is not compared');
  const seen = await ansible.variables(project, 'openclaw', password);
  const { TAKES } = await import('../../src/ansible/keys.js');
  const taken = [...Object.keys(TAKES), ...Object.values(TAKES).flatMap((take) => take.with ?? [])];
  const whole = [
    'litellm_models',
    'openclaw_max_tokens',
    'egress_allowed_domains',
    'egress_extra_domains',
    'openclaw_extra_env',
    'ansible_port',
    'ansible_user',
  ];
  const secrets = Object.keys(clear());
  const lost = Object.keys(seen).filter(
    (name) => ![...taken, ...whole, ...secrets].includes(name) && !left.some((one) => one.name === name),
  );
  proof.check(
    `none of the ${Object.keys(seen).length} variables that Ansible sees is lost without a word`,
    lost.length === 0,
    lost.join(),
  );
  const shown = await stage.cli(['config', 'show', '-s', 'openclaw', '--config', file, '--json']);
  const text = shown.stdout;
  const same = (
    ['ssh_port', 'admin_ip', 'domain', 'timezone', 'docker_log_max_size', 'backup_retention_days'] as const
  ).filter((name) => !text.includes(String(seen[name])));
  proof.check('values are as Ansible resolves them', shown.code === 0 && same.length === 0, same.join());
  const ls = await stage.cli(['secrets', 'ls', '-s', 'openclaw', '--config', file, '--json']);
  proof.check(
    'the gateway’s token is Ansible’s own, by its fingerprint',
    ls.code === 0 && ls.stdout.includes(fingerprint(String(seen['gateway_token']))),
    ls.stdout.slice(0, 800),
  );
}
