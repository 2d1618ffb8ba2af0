// A control plane dies at work; two others adopt at once, exactly one gets the servers; the first returns, and is refused.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecResult, LabHost } from '../lab/lab.js';
import type { Composed } from './composed.js';
import type { Scene } from './control-plane.js';
import { each, openOf, start, waveOf } from './fifty.js';
import { type Proof, seconds } from './proof.js';

const STEP = 'base.user';
/** So that each server has work again, of its own. */
const SABOTAGE = 'for u in $(getent passwd | grep -o "^op-s[0-9]*"); do usermod -s /bin/false $u; done';
const REASON = 'plane-a burned';

export async function adoption(
  { proof, plane, nodes }: Scene,
  others: readonly Composed[],
): Promise<Composed> {
  for (const other of others) await other.up();
  await each(nodes, SABOTAGE);
  await start(proof, plane, STEP);
  const open = await waveOf(plane);
  await plane.host.kill();
  proof.say(`  the control plane was killed with ${open} runs open`);
  const marked = (await each(nodes, 'cat /var/lib/clincher/mark 2>/dev/null')).filter(Boolean).length;
  proof.figure('hosts that it had marked', marked);
  await wantsReason(proof, others[0]!, marked > 0);
  const winner = await twoAtOnce(proof, others);
  await onAudit(proof, nodes);
  await schedulesThere(proof, winner);
  await goesOn(proof, winner);
  await returns(proof, plane, nodes);
  return winner;
}

const told = ({ code, stdout, stderr }: ExecResult): string =>
  `exit ${code}\n${(stdout + stderr).slice(-1_500)}`;

/** \`all\` of them begins with s00, which is on the first host. */
async function wantsReason(proof: Proof, plane: Composed, isMarked: boolean): Promise<void> {
  if (!isMarked) return proof.say('  no mark was left: nobody has to give a reason');
  const marked = await plane.cli('adopt', '-s', 'all', '--yes', '--json');
  proof.check('a server that may be worked on wants a reason', marked.code === 7, told(marked));
}

async function twoAtOnce(proof: Proof, others: readonly Composed[]): Promise<Composed> {
  const began = Date.now();
  const ends = await Promise.all(
    others.map((other) => other.cli('adopt', '-s', 'all', '--reason', REASON, '--yes', '--json')),
  );
  const codes = ends.map(({ code }) => code);
  proof.check(
    'of two that adopt at once exactly one does',
    codes.filter((code) => code === 0).length === 1,
    ends.map(told).join('\n'),
  );
  const lost = ends.find(({ code }) => code !== 0);
  proof.check(
    'the other one is told who was faster',
    lost?.code === 7 && /ADOPTED/.test(lost.stdout + lost.stderr),
    lost && told(lost),
  );
  proof.figure('50 servers adopted, schedules made', seconds(Date.now() - began));
  return others[Math.max(0, codes.indexOf(0))]!;
}

async function onAudit(proof: Proof, nodes: readonly LabHost[]): Promise<void> {
  const lines = (
    await each(nodes, `grep -c 'adopts this server.*${REASON}' /var/log/clincher/audit.log`)
  ).map(Number);
  const owners = await each(nodes, 'grep -o \'"plane":"[^"]*"\' /var/lib/clincher/owner');
  proof.check(
    'each host wrote it down, with the reason',
    lines.every((n) => n === 1),
    JSON.stringify(lines),
  );
  proof.check('all are of one control plane', new Set(owners).size === 1, owners.join(' '));
}

async function schedulesThere(proof: Proof, plane: Composed): Promise<void> {
  const { stdout } = await plane.cli('schedule', 'ls', '-s', 'all', '--json');
  const { schedules = [], missing = [] } = JSON.parse(stdout) as { schedules: unknown[]; missing: unknown[] };
  proof.check(
    'what starts by itself starts there',
    schedules.length > 0 && missing.length === 0,
    stdout.slice(0, 800),
  );
  proof.figure('schedules made', schedules.length);
}

/** What the first one had begun is finished by the second, and what it had done is not done again. */
async function goesOn(proof: Proof, plane: Composed): Promise<void> {
  const words = ['run', 'provision', '-s', 'all', '--only', STEP, '--yes', '--json'];
  const done = await plane.cli(...words);
  proof.check('the second one finishes what the first had begun', done.code === 0, told(done));
  const again = await plane.cli(...words);
  proof.check(
    'and then nothing is to be changed',
    again.code === 0 && !/"changed": ?[1-9]/.test(again.stdout),
    told(again),
  );
}

async function returns(proof: Proof, plane: Composed, nodes: readonly LabHost[]): Promise<void> {
  const before = await changes(nodes);
  await plane.host.start();
  await plane.up();
  const until = Date.now() + 180_000;
  while ((await openOf(plane)) > 0 && Date.now() < until) await sleep(2_000);
  proof.check('its runs of before come to an end', (await openOf(plane)) === 0, String(await openOf(plane)));
  const fresh = await plane.cli('run', 'provision', '-s', 's00', '--yes', '--json', '--only', 'base.user');
  const forced = await plane.cli('run', 'harden', '-s', 's00', '--yes', '--json', '--take-over', 'mine');
  proof.check(
    'the first one is refused when it returns',
    forced.code === 7 && /ADOPTED/.test(forced.stdout),
    told(forced),
  );
  proof.check('where nothing is to be changed it may look', fresh.code === 0, told(fresh));
  proof.check('it has changed nothing since', (await changes(nodes)) === before, await changes(nodes));
}

const changes = async (nodes: readonly LabHost[]): Promise<string> =>
  (await each(nodes, 'wc -l </var/log/clincher/audit.log')).map((text) => text.trim()).join(' ');
