// rotate: a new secret is taken and the old one refused, or everything is as it was; whenever the worker dies.
import { request } from 'node:https';
import type { LabHost } from '../lab/lab.js';
import type { CliProcess, CliResult } from './cli.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { DOMAIN, provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { told } from './verdicts.js';

const NAME = 'turning';

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
}

export async function rotate(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const { host } = await provisionedStack(proof, stage, NAME);
    const scene = { proof, stage, host };
    await token(scene);
    for (const secret of ['litellm_master_key', 'redis_password']) await key(scene, secret);
    await twoAtOnce(scene);
    for (const ms of [1_500, 4_000, 8_000, 12_000]) await workerKilled(scene, ms);
    await undone(scene);
    const end = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
    proof.check('at the end verify is green', end.code === 0, told(end));
  });
}

const words = (runbook: string, ...more: string[]): string[] => [
  ...['run', runbook, '-s', NAME, '--yes', '--json', '--on-failure', 'abort'],
  ...more,
];
const run = ({ stage }: Scene, runbook: string, ...more: string[]): Promise<CliResult> =>
  stage.cli(words(runbook, ...more), { timeoutMs: 600_000 });

const file = `${FOLDER}/secrets/openclaw/secrets.json`;
const tokenOf = async (host: LabHost): Promise<string> =>
  (JSON.parse(await must(host, `cat ${file}`)) as { gatewayToken: string }).gatewayToken;

/** Status of a tool through Caddy, as a client sees it. */
const knock = (host: LabHost, token: string): Promise<number> =>
  new Promise((resolve) => {
    const headers = { host: DOMAIN, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const where = { host: host.address, port: 443, servername: DOMAIN, rejectUnauthorized: false };
    const call = request(
      { ...where, path: '/tools/invoke', method: 'POST', headers, timeout: 10_000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    call.on('error', () => resolve(0));
    call.on('timeout', () => call.destroy());
    call.end(JSON.stringify({ tool: 'sessions_list', args: {} }));
  });

async function token(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const old = await tokenOf(host);
  const gap = watchRefusals(host, old);
  const done = await run(scene, 'rotate-token');
  proof.check('the token is rotated', done.code === 0, done.stdout.slice(-2500) + done.stderr.slice(-500));
  const now = await tokenOf(host);
  const statuses = [await knock(host, now), await knock(host, old)];
  proof.check(
    'through TLS the new one is 200, the old one 401',
    now !== old && statuses.join() === '200,401',
    statuses.join(),
  );
  proof.figure('between the last answer for the old token and the first for the new', `${await gap(now)} ms`);
  proof.check(
    'no value in what was said',
    ![now, old].some((value) => (done.stdout + done.stderr).includes(value)),
  );
}

/** Asks four times a second until told the new token, which then is asked for as well. */
function watchRefusals(host: LabHost, old: string): (now: string) => Promise<number> {
  let lastOld = Date.now();
  let firstNew = 0;
  let current = '';
  let going = true;
  const loop = (async () => {
    while (going) {
      const token = (await tokenOf(host).catch(() => old)) || old;
      if (token !== old) current = token;
      if (current === '' && (await knock(host, old)) === 200) lastOld = Date.now();
      else if (current !== '' && firstNew === 0 && (await knock(host, current)) === 200)
        firstNew = Date.now();
      await new Promise((next) => setTimeout(next, 250));
    }
  })();
  return async () => {
    going = false;
    await loop;
    return firstNew - lastOld;
  };
}

async function key(scene: Scene, secret: string): Promise<void> {
  const { proof, host } = scene;
  const before = await must(host, `sha256sum ${FOLDER}/.env`);
  const done = await run(scene, 'rotate-key', '--secret', secret);
  proof.check(`${secret} is rotated`, done.code === 0, done.stdout.slice(-2500) + done.stderr.slice(-500));
  proof.check(
    `${secret}: the file that holds it is another`,
    (await must(host, `sha256sum ${FOLDER}/.env`)) !== before,
  );
}

async function twoAtOnce(scene: Scene): Promise<void> {
  const { proof } = scene;
  const [first, second] = await Promise.all([run(scene, 'rotate-token'), run(scene, 'rotate-token')]);
  const codes = [first.code, second.code].sort().join();
  const said = first.stdout + second.stdout + first.stderr + second.stderr;
  proof.check(
    'two at once: one goes, the other is told who holds the server',
    codes === '0,7' && said.includes('LOCKED'),
    `${codes} ${said.slice(-1500)}`,
  );
}

/** Exactly one token in the vault, in the file and at the gateway. */
async function agrees({ proof, stage, host }: Scene, when: string): Promise<void> {
  const status = await knock(host, await tokenOf(host));
  proof.check(`${when}: gateway and file agree`, status === 200, String(status));
  const { stdout } = await stage.cli(['secrets', 'ls', '-s', NAME]);
  proof.check(`${when}: the vault holds one value`, !stdout.includes('_before'), stdout);
}

async function workerKilled(scene: Scene, ms: number): Promise<void> {
  const { proof, stage, host } = scene;
  const old = await tokenOf(host);
  const going: CliProcess = stage.start(words('rotate-token'));
  await new Promise((next) => setTimeout(next, ms));
  await stage.plane.signal('worker', 'SIGKILL');
  const { code, stdout } = await stage.toTheEnd(going, NAME);
  proof.check(
    `worker killed after ${ms} ms: the rotation goes on to its end`,
    code === 0,
    stdout.slice(-1500),
  );
  proof.check(`worker killed after ${ms} ms: the old token is refused`, (await knock(host, old)) === 401);
  await agrees(scene, `worker killed after ${ms} ms`);
}

const PLUGIN =
  '$(ls -d /usr/libexec/docker/cli-plugins/docker-compose /usr/lib/docker/cli-plugins/docker-compose 2>/dev/null | head -n 1)';

async function undone(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const old = await tokenOf(host);
  await must(
    host,
    `mount --bind -o ro ${FOLDER}/secrets ${FOLDER}/secrets && mount -o remount,ro,bind ${FOLDER}/secrets`,
  );
  const shut = await run(scene, 'rotate-token');
  await must(host, `umount ${FOLDER}/secrets`);
  proof.check('a file that cannot be written: the run is red', shut.code === 1, shut.stdout.slice(-1500));
  proof.check(
    'and the token of before is in use',
    (await tokenOf(host)) === old && (await knock(host, old)) === 200,
  );
  await agrees(scene, 'a file that cannot be written');

  await must(
    host,
    `p=${PLUGIN}; mv "$p" /root/compose-aside; echo "$p" >/root/compose-place; printf '#!/bin/sh\\nexit 1\\n' >"$p"; chmod 755 "$p"`,
  );
  const stuck = await run(scene, 'rotate-token');
  await must(host, 'mv /root/compose-aside "$(cat /root/compose-place)"');
  proof.check(
    'services that cannot be made anew: the run is red',
    stuck.code === 1,
    stuck.stdout.slice(-1500),
  );
  const repaired = await run(scene, 'provision');
  proof.check('a run puts them right', repaired.code === 0, repaired.stdout.slice(-1500));
  proof.check('with the token of before', (await tokenOf(host)) === old && (await knock(host, old)) === 200);
  await agrees(scene, 'services that could not be made anew');
}
