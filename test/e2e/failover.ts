// failover: the primary is killed, paused, cut off, and returns; at no moment two gateways hold the bot, and what the backup had is there.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerOf } from '../lab/container.js';
import type { LabHost } from '../lab/lab.js';
import { newBotToken } from './bot-token.js';
import {
  answer,
  backedUp,
  begin,
  gate,
  MONITOR,
  nameFollows,
  oneHolds,
  onScene,
  PRIMARY,
  running,
  type Scene,
  STANDBY,
  stagedStandby,
  toItsEnd,
} from './failover-scene.js';
import { until } from './moments.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { told } from './verdicts.js';

const FENCED = 'test -e /var/lib/clincher/fenced';

export async function failover(proof: Proof): Promise<void> {
  await onScene(proof, async (scene) => {
    await standsBy(proof, scene);
    await killed(proof, scene);
    await back(proof, scene);
    await paused(proof, scene);
    await cutOff(proof, scene);
  });
}

/** Everything is there, and nothing runs. */
async function standsBy(proof: Proof, scene: Scene): Promise<void> {
  const { stage } = scene;
  const began = Date.now();
  await stagedStandby(proof, scene, 'the standby is staged');
  proof.figure('a bare server to a staged standby', seconds(Date.now() - began));
  const standby = stage.host(STANDBY);
  proof.check('nothing runs there', (await running(standby)).length === 0, (await running(standby)).join());
  const images = (host: LabHost): Promise<string> =>
    must(host, "docker images --digests --format '{{.Repository}}@{{.Digest}}' | sort -u");
  const [here, there] = [await images(stage.host(PRIMARY)), await images(standby)];
  proof.check('the same images are there, by digest', here === there && here !== '', `${here} / ${there}`);
  const verify = await stage.cli(['verify', '-s', STANDBY, '--json'], { timeoutMs: 400_000 });
  proof.check('verify of the standby is green', verify.code === 0, told(verify));
  const words = ['run', 'stage-standby', '-s', STANDBY, '--yes', '--json', '--on-failure', 'abort'];
  const again = await stage.cli(words, { timeoutMs: 600_000 });
  const { outcome } = JSON.parse(again.stdout) as { outcome?: { changed: number } };
  proof.check('a second staging changes nothing', again.code === 0 && outcome?.changed === 0, told(again));
}

/** Its power is gone; a person says so. It returns by itself, and nobody has asked it to. */
async function killed(proof: Proof, scene: Scene): Promise<void> {
  const { stage } = scene;
  await scene.now().kill();
  const began = Date.now();
  await begin(proof, scene, 'failover');
  const { instructions } = await gate(stage, 'failover');
  proof.check(
    'three machines say that it does not answer',
    ['this control plane', STANDBY, MONITOR].every((who) =>
      instructions.some((line) => line.startsWith(`${who}: it does not answer`)),
    ),
    instructions.join('\n'),
  );
  proof.check(
    'it is said how old the backup is, and what is lost',
    instructions.some((line) => /newest backup is of .* old\./.test(line)),
    instructions.join('\n'),
  );
  proof.check(
    'the standby was looked over meanwhile: nothing is left to do before the restore',
    instructions.some((line) => line.endsWith('stands by as it was staged')),
    instructions.join('\n'),
  );
  await answer(stage, 'failover', 'yes');
  const fence = await gate(stage, 'fence');
  proof.check(
    'it cannot be reached: what keeps it from the bot is asked',
    fence.instructions.some((line) => line.startsWith('powered-off')),
    fence.instructions.join('\n'),
  );
  await answer(stage, 'fence', 'powered-off');
  await goesOn(proof, scene, 'killed', began);
  await scene.other().start();
  await fencedSoon(proof, scene, 'it returns');
  const log = await scene.other().exec('journalctl -u clincher-guard.service -o cat --no-pager | tail -n 3');
  proof.check(
    'it asks the far end at its boot, and starts nothing',
    log.stdout.includes("another server goes on in this one's place"),
    log.stdout,
  );
  await oneHolds(proof, scene, 'it has returned');
}

/** The run to its end, and what has to be true then. */
async function goesOn(proof: Proof, scene: Scene, when: string, began: number): Promise<void> {
  const { stage } = scene;
  await nameFollows(scene);
  const done = await toItsEnd(stage);
  scene.moved();
  proof.check(`${when}: the run ends well`, done.code === 0, told(done));
  proof.figure(`${when}: from beginning to end, answers included`, seconds(Date.now() - began));
  clock(proof, when, done.stdout);
  await oneHolds(proof, scene, when);
  for (const { what, look } of scene.kept) {
    const { isThere, said } = await look();
    proof.check(`${when}: ${what} of before is there`, isThere, said);
  }
  const verify = await stage.cli(['verify', '-s', PRIMARY, '--json'], { timeoutMs: 400_000 });
  proof.check(`${when}: verify of the primary, where it is now, is green`, verify.code === 0, told(verify));
}

function clock(proof: Proof, when: string, text: string): void {
  const { phases = [] } = JSON.parse(text) as { phases?: { name: string; ms: number; waitedMs: number }[] };
  const parts = phases.map(({ name, ms, waitedMs }) => `${name} ${seconds(ms - waitedMs)}`);
  const sum = phases.reduce((all, { ms, waitedMs }) => all + ms - waitedMs, 0);
  proof.figure(`${when}: the clock, without answers`, `${parts.join(' · ')} · together ${seconds(sum)}`);
  proof.check(`${when}: its clock is told phase by phase`, phases.length >= 6, JSON.stringify(phases));
}

async function fencedSoon(proof: Proof, { other }: Scene, when: string): Promise<void> {
  const isStopped = async (): Promise<boolean> =>
    (await other().exec(FENCED)).code === 0 && (await running(other())).length === 0;
  const began = Date.now();
  await until('the old server is fenced', isStopped, 180_000).catch(() => {});
  proof.check(`${when}: it is fenced, and nothing of the stack runs there`, await isStopped());
  proof.figure(`${when}: until it was fenced`, seconds(Date.now() - began));
}

/** The way back, while everything runs. */
async function back(proof: Proof, scene: Scene): Promise<void> {
  const { stage } = scene;
  await stagedStandby(proof, scene, 'the old server stands by again; what it had is put aside');
  await must(scene.now(), `touch ${FOLDER}/data/after-the-failover`);
  const began = Date.now();
  await begin(proof, scene, 'failback');
  const { instructions } = await gate(stage, 'failover');
  proof.check(
    'back: it answers, and that is said',
    instructions.some((line) => line.includes('it answers')),
    instructions.join('\n'),
  );
  await answer(stage, 'failover', 'yes');
  await goesOn(proof, scene, 'back', began);
  const last = await scene.now().exec(`test -e ${FOLDER}/data/after-the-failover`);
  proof.check('back: what was written last is there: nothing is lost', last.code === 0);
  proof.check('back: nothing runs on the other machine', (await running(scene.other())).length === 0);
}

/** It only stands still, and goes on in the middle of the failover: the token that it has is refused by then. */
async function paused(proof: Proof, scene: Scene): Promise<void> {
  const { stage, bot, tokens } = scene;
  await stagedStandby(proof, scene, 'the other server stands by again');
  await backedUp(proof, scene);
  const old = scene.now();
  await old.pause();
  const began = Date.now();
  await begin(proof, scene, 'failover');
  await gate(stage, 'failover');
  await answer(stage, 'failover', 'yes');
  await gate(stage, 'fence');
  await answer(stage, 'fence', 'revoked');
  await gate(stage, 'not-revoked');
  proof.check('paused: Telegram still takes the old token: said, and asked again', true);
  await bot.revoke(tokens.at(-1)!);
  await answer(stage, 'not-revoked', 'yes');
  await gate(stage, 'telegram-token');
  const next = newBotToken();
  await bot.add(next);
  tokens.push(next);
  const stored = await stage.cli(['answer', 'telegram-token', '-s', PRIMARY, '--secret-file', '-'], {
    input: next,
  });
  proof.check('paused: the new token is taken', stored.code === 0, stored.stdout + stored.stderr);
  await until(
    'the backup is being restored',
    async () => (await scene.other().exec('test -e /var/lib/clincher/recovered.begun')).code === 0,
    300_000,
  );
  await old.unpause();
  proof.say('it goes on, in the middle of the failover');
  await goesOn(proof, scene, 'paused', began);
  await fencedSoon(proof, scene, 'paused');
}

/** First from us alone, which is no failover; then from everybody, and a program of the provider’s switches it off. */
async function cutOff(proof: Proof, scene: Scene): Promise<void> {
  const { stage } = scene;
  await stagedStandby(proof, scene, 'the third time it stands by');
  await backedUp(proof, scene);
  const old = scene.now();
  await must(old, 'iptables -I INPUT -s 10.66.0.1 -j DROP');
  const refused = await notDown(stage);
  proof.check(
    'cut off from us alone: others see it answer, and nothing is begun',
    refused.code === 1 && refused.stdout.includes('NOT_DOWN'),
    told(refused),
  );
  stage.reread();
  proof.check(
    'cut off from us alone: clincher.yaml is as it was',
    (stage.server(PRIMARY) as { address: string }).address === old.address,
  );
  await must(old, 'iptables -D INPUT -s 10.66.0.1 -j DROP');
  stage.set(PRIMARY, { failover: { fence_command: switchOff(stage.folder, old) } });
  await old.disconnect();
  const began = Date.now();
  await begin(proof, scene, 'failover');
  await gate(stage, 'failover');
  await answer(stage, 'failover', 'yes');
  await goesOn(proof, scene, 'cut off', began);
  await old.connect().catch(() => {});
  await old.start();
  await fencedSoon(proof, scene, 'cut off, and back');
  await oneHolds(proof, scene, 'cut off, and back');
}

async function notDown(stage: Scene['stage']) {
  const words = ['run', 'failover', '-s', PRIMARY, '--confirm', PRIMARY, '--json', '--on-failure', 'abort'];
  return stage.cli(words, { timeoutMs: 300_000 });
}

/** As a provider’s command line would: it is told by its environment which one. */
function switchOff(folder: string, { name }: LabHost): string {
  const file = join(folder, 'power-off');
  writeFileSync(
    file,
    `#!/bin/sh\n[ "$CLINCHER_FENCE_SERVER" = ${PRIMARY} ] && exec docker kill ${containerOf(name)}\n`,
  );
  chmodSync(file, 0o755);
  return file;
}
