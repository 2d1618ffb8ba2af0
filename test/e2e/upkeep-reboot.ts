// Reboots of a real host: only where something asks for one, drained, once whatever dies meanwhile, and proved afterwards.
import { gapDuring } from './gap.js';
import { until } from './moments.js';
import { seconds } from './proof.js';
import { must } from './published.js';
import { run, type Scene, saidBy, started } from './upkeep-scene.js';
import { tail } from './verdicts.js';

const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';
const COUNTER = `cat >/etc/systemd/system/boots.service <<'X'
[Service]
Type=oneshot
ExecStart=/bin/sh -c '${BOOT_ID} >>/var/lib/boots'
[Install]
WantedBy=multi-user.target
X
systemctl enable -q boots.service; touch /var/lib/boots`;
const POLICIES = `docker ps -aq | xargs docker inspect -f '{{.HostConfig.RestartPolicy.Name}}' | sort -u`;
const RUNNING = 'docker ps -q | wc -l';

const boots = async ({ host }: Scene): Promise<number> =>
  (await must(host, 'sort -u /var/lib/boots')).split('\n').filter(Boolean).length;

const bootId = async ({ host }: Scene): Promise<string> => (await host.exec(BOOT_ID)).stdout.trim();

export async function reboots(scene: Scene): Promise<void> {
  await must(scene.host, COUNTER);
  await unneeded(scene);
  await undrained(scene);
  await asked(scene);
  await workerKilled(scene);
}

async function unneeded(scene: Scene): Promise<void> {
  const { proof } = scene;
  const before = await bootId(scene);
  const done = await run(scene, 'reboot');
  proof.check('nothing asks for a reboot: none is made', done.code === 0, tail(done));
  proof.check('and it says so', done.stdout.includes('no reboot: nothing asks for it'), tail(done));
  proof.check('the boot is the same', (await bootId(scene)) === before);
}

/** What happens to the gateway when a host is just rebooted: the reason for draining, measured. */
async function undrained(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const before = await bootId(scene);
  await must(host, 'docker update --restart no openclaw');
  const began = Date.now();
  await host.exec('date +%s%3N >/var/lib/told; systemctl reboot');
  await until('another boot', async () => ![before, ''].includes(await bootId(scene)), 180_000);
  proof.figure('a reboot from inside: another boot after', seconds(Date.now() - began));
  await until('Docker answers', async () => (await host.exec('docker ps -q')).code === 0, 120_000);
  const end = `docker inspect -f '{{.State.Status}} with exit code {{.State.ExitCode}}, {{.State.FinishedAt}}' openclaw; date -u -d "@$(($(cat /var/lib/told) / 1000))" +%FT%TZ`;
  const [how = '', then = ''] = (await must(host, end)).split('\n');
  proof.figure('a reboot without draining: the gateway is', `${how}, told at ${then}`);
  await must(host, 'docker update --restart unless-stopped openclaw; docker start openclaw');
  await until(
    'healthy',
    async () =>
      (await must(host, `docker inspect -f '{{.State.Health.Status}}' openclaw`)).trim() === 'healthy',
    240_000,
  );
}

async function asked(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  await must(host, 'echo linux-image-amd64 >/run/reboot-required.pkgs; touch /run/reboot-required');
  const [before, count, containers] = [await bootId(scene), await boots(scene), await must(host, RUNNING)];
  const { result, gapMs } = await gapDuring(host, () => run(scene, 'reboot'));
  proof.check('a reboot that is asked for', result.code === 0, tail(result));
  if (result.code !== 0) return;
  const said = saidBy(result);
  proof.check('it says why', result.stdout.includes('asks for it for linux-image-amd64'), tail(result));
  proof.check('another boot, one', (await bootId(scene)) !== before && (await boots(scene)) === count + 1);
  proof.check('every container runs again', (await must(host, RUNNING)) === containers, said);
  const policies = (await must(host, POLICIES)).trim();
  proof.check('what a person stops stays stopped again', policies === 'unless-stopped', policies);
  proof.figure('drained', /the gateway stopped in [^\n]+/.exec(said)?.[0] ?? '?');
  proof.figure('away', /is back after [^,]+/.exec(said)?.[0] ?? '?');
  const told = /did not answer for (?:at most )?([\d.]+) s/.exec(said);
  proof.figure(
    'reboot',
    `${told?.[0] ?? '?'} (from outside: ${seconds(gapMs)}); the run took ${seconds(result.ms)}`,
  );
  const seconds_ = Number(told?.[1] ?? Number.NaN);
  proof.check(
    'how long the gateway did not answer is what is seen from outside, within 5 s',
    Math.abs(seconds_ * 1000 - gapMs) < 5_000,
    `${told?.[0]} and ${gapMs} ms`,
  );
}

/** Killed as the host goes down, and as it stops its containers: it reboots once, and the services do not wait for us. */
async function workerKilled(scene: Scene): Promise<void> {
  for (const moment of ['while it drains', 'while the host is away'] as const) {
    const { proof, stage, host } = scene;
    const [before, count] = [await bootId(scene), await boots(scene)];
    const going = started(scene, 'reboot', '--anyway');
    const isThen =
      moment === 'while it drains'
        ? async () => (await host.exec('test -e /var/lib/clincher/reboot-returning')).code === 0
        : async () => (await bootId(scene)) !== before;
    await until(moment, async () => isThen(), 300_000);
    await stage.plane.signal('worker', 'SIGKILL');
    const done = await stage.toTheEnd(going, scene.host.name);
    proof.check(`the worker is killed ${moment}: the run ends well`, done.code === 0, tail(done));
    const times = (await boots(scene)) - count;
    proof.check(`the worker is killed ${moment}: one reboot`, times === 1, `${times} reboots`);
    const policies = (await must(host, POLICIES)).trim();
    proof.check(
      `the worker is killed ${moment}: containers obey a person`,
      policies === 'unless-stopped',
      policies,
    );
  }
}
