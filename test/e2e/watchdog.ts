// watchdog: each condition raised, told again, over and healed on a real host; each channel heard by a real receiver; and its own silence.
import { setTimeout as sleep } from 'node:timers/promises';
import { Receivers } from './alert-receivers.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { provisionedStack } from './stack-stage.js';
import { onStage } from './stage.js';
import { told } from './verdicts.js';
import { conditions } from './watchdog-conditions.js';
import { heals } from './watchdog-heals.js';
import { heard, keys, known, look, looks, NAME, type Scene } from './watchdog-scene.js';

/** Only the proof itself starts it. */
const NEVER = '0 0 29 2 *';

export async function watchdog(proof: Proof): Promise<void> {
  const receivers = new Receivers();
  try {
    await onStage(proof, async (stage) => {
      const { alerts, ping } = await receivers.open(stage.folder);
      const more = () => ({
        alerts,
        schedules: { watchdog: NEVER },
        watchdog: { cooldown_minutes: 5, ping },
      });
      const { host, run } = await provisionedStack(proof, stage, NAME, { more });
      if (run.code !== 0) throw new Error('not provisioned');
      const scene: Scene = { proof, stage, host, receivers };
      const sync = await stage.cli(['schedule', 'sync', '-s', NAME]);
      proof.check('the schedules are made', sync.code === 0, sync.stderr);
      await channels(scene);
      await well(scene);
      await heals(scene);
      await conditions(scene);
      await silences(scene);
      await again(scene);
      // It was started over so often on purpose: a start by hand counts anew.
      await must(host, 'docker restart openclaw-egress; sleep 10');
      const end = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
      proof.check('at the end verify is green', end.code === 0, told(end));
    });
  } finally {
    receivers.close();
  }
}

async function channels({ proof, stage, receivers }: Scene): Promise<void> {
  const { code, stdout } = await stage.cli(['alerts', 'test', '-s', NAME]);
  const kinds = ['ntfy', 'webhook', 'telegram', 'email'] as const;
  proof.check('alerts test: each channel takes one', code === 0, stdout);
  for (const kind of kinds)
    proof.check(
      `${kind}: it was heard`,
      receivers.by(kind).some(({ text }) => text.includes('this is a test')),
      stdout,
    );
}

async function well(scene: Scene): Promise<void> {
  const { proof, stage, receivers } = scene;
  const made = await stage.cli(['run', 'backup', '-s', NAME, '--yes', '--json'], { timeoutMs: 300_000 });
  proof.check('there is a backup', made.code === 0, told(made));
  const byHand = await stage.cli(['run', 'watchdog', '-s', NAME, '--json'], { timeoutMs: 120_000 });
  proof.check('a look by hand: everything is well', byHand.code === 0, told(byHand));
  const began = Date.now();
  const alerts = await look(scene);
  proof.figure('a look, from trigger to memo', `${((Date.now() - began) / 1000).toFixed(1)} s`);
  proof.check(
    'the first look: nothing is wrong, and nobody is told',
    alerts.length === 0 && heard(scene, 'clincher alerts ls').length === 0,
    keys(alerts),
  );
  proof.check(
    'whoever waits for the call got it',
    receivers.by('ping').length === 1,
    String(receivers.by('ping').length),
  );
}

/** Channels and the ping, where nobody listens. */
async function silences(scene: Scene): Promise<void> {
  const { proof, stage, host, receivers } = scene;
  await must(host, 'touch /run/reboot-required');
  receivers.deaf.add('ntfy').add('ping');
  const before = receivers.by('webhook').length;
  await look(scene);
  proof.check(
    'the first channel is down: the next one has it',
    receivers.by('webhook').length === before + 1,
  );
  const seen = await known(scene);
  const status = await stage.cli(['status', '-s', NAME]);
  proof.check(
    'and status says so',
    /cannot tell you by ntfy/.test(status.stdout) && seen?.deaf.length === 1,
    status.stdout,
  );
  proof.check(
    'nobody heard the call: said as well',
    /watchdog\.ping was not reached: it answers 503/.test(status.stdout),
    status.stdout,
  );
  proof.check(
    'without the address',
    !JSON.stringify(seen).includes('abcdef') && !status.stdout.includes('abcdef'),
  );
  for (const kind of ['webhook', 'telegram'] as const) receivers.deaf.add(kind);
  await must(host, 'rm /run/reboot-required');
  const mails = receivers.by('email').length;
  await looks(scene, 2);
  proof.check('three are down: the fourth has it', receivers.by('email').length === mails + 1);
  receivers.deaf.clear();
}

/** What is critical and still wrong is told again after the cooldown. */
async function again(scene: Scene): Promise<void> {
  const { proof, stage, host } = scene;
  await must(host, 'docker stop openclaw-caddy');
  await looks(scene, 2);
  const text = 'caddy is exited';
  const first = heard(scene, `new: critical ${text}`).length;
  await look(scene);
  const soon = heard(scene, `still: critical ${text}`).length;
  await sleep(5 * 60_000);
  await look(scene);
  const later = heard(scene, `still: critical ${text}`).length;
  proof.check(
    'still wrong: told again after the cooldown, and not before',
    first > 0 && soon === 0 && later === 1,
    `${first} ${soon} ${later}`,
  );
  const healed = await stage.cli(['run', 'heal', '-s', NAME, '--yes', '--json'], { timeoutMs: 300_000 });
  proof.check('run heal starts what was stopped', healed.code === 0, told(healed));
  const over = await looks(scene, 2);
  proof.check('and it is over', !keys(over).includes('watch.services:caddy'), keys(over));
}
