// What a monitor is told of runs: backups, failures, and how late a schedule is while the worker stands still.
import { setTimeout as sleep } from 'node:timers/promises';
import { alerts, asked, MONITOR, type Scene, until, WATCHED } from './monitoring-scene.js';
import { seconds } from './proof.js';
import { must } from './published.js';
import { told } from './verdicts.js';

/** In the gateway's own container, where its key is. */
const KEY = `const { litellmKey } = JSON.parse(require('fs').readFileSync('/home/node/.config/clincher/secrets.json'));
const headers = { authorization: 'Bearer ' + litellmKey, 'content-type': 'application/json' };
const say = (content) => fetch('http://openclaw-litellm:4000/v1/chat/completions', { method: 'POST', headers,
  body: JSON.stringify({ model: 'local/large', messages: [{ role: 'user', content }] }) }).then(({ status }) => status);`;

/** One fails; of three equal ones the cache has two. */
const CALLS = `${KEY}
(async () => { for (const words of ['[[fail: 500]]', 'the same', 'the same', 'the same']) console.log(words, await say(words)); })();`;

/** Everything happens once that a dashboard shows and an idle server has not: backups, a failed call, an answer from the cache. */
export async function busyDay({ proof, stage, watched }: Scene): Promise<void> {
  for (const runbook of ['backup', 'verify-backup']) {
    const done = await stage.cli(['run', runbook, '-s', WATCHED, '--yes', '--json'], { timeoutMs: 300_000 });
    proof.check(`${runbook}: the run is done`, done.code === 0, told(done));
  }
  const sync = await stage.cli(['schedule', 'sync', '-s', WATCHED]);
  proof.check('the schedules are made', sync.code === 0, sync.stderr);
  const trigger = await stage.cli(['schedule', 'trigger', 'verify-backup', '-s', WATCHED]);
  proof.check('a schedule is started', trigger.code === 0, trigger.stderr);
  const said = await must(watched, 'docker exec -i openclaw node -', CALLS);
  proof.check('calls: one fails, the others are answered', /500\]\] [45]\d\d/.test(said), said);
  proof.check('the same words three times', said.split('the same 200').length === 4, said);
}

/** Words for the dashboards, one each two seconds for ten minutes: some said before, one of sixteen fails. */
const TRAFFIC = `${KEY}
(async () => { for (let n = 0; n < 300; n += 1) { const word = Math.floor(Math.random() * 40); await say(n % 16 === 0 ? '[[fail: 500]]' : '[[wait: ' + word * 20 + ']] word ' + word).catch(() => {}); await new Promise((go) => setTimeout(go, 2000)); } })();`;

export async function traffic({ watched }: Scene): Promise<void> {
  await must(watched, 'docker exec -i openclaw sh -c "cat >/tmp/traffic.js"', TRAFFIC);
  await must(watched, 'docker exec -d openclaw node /tmp/traffic.js');
}

/** A run that fails is told once it has; the gateway is stopped meanwhile. */
export async function runFails(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  const run = await stage.cli(['run', 'smoke', '-s', WATCHED, '--yes', '--json', '--on-failure', 'abort'], {
    timeoutMs: 200_000,
  });
  proof.check('smoke of a gateway that is stopped fails', run.code !== 0, told(run));
  const fired = await until(90_000, async () =>
    (await alerts(scene)).some(
      ({ name, labels }) =>
        name === 'RunFailed' && labels['about'] === WATCHED && labels['runbook'] === 'smoke',
    )
      ? true
      : undefined,
  );
  proof.check('RunFailed names the runbook and the server', fired === true);
}

/** The process is there, and does nothing: no exit that a supervisor could see. */
export async function workerStands(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  const began = Date.now();
  await stage.plane.signal('worker', 'SIGSTOP');
  const trigger = await stage.cli(['schedule', 'trigger', 'verify-backup', '-s', WATCHED]);
  proof.check('a schedule comes due while the worker stands still', trigger.code === 0, trigger.stderr);
  const isFiring = async () => (await alerts(scene)).some(({ name }) => name === 'WorkerDown');
  const fired = await until(420_000, async () => ((await isFiring()) ? true : undefined));
  proof.check('WorkerDown fires', fired === true);
  proof.figure('from the stop of the worker to the alert', seconds(Date.now() - began));
  const stood = (Date.now() - began) / 1000;
  await stage.plane.signal('worker', 'SIGCONT');
  await isLate(scene, stood);
  const over = await until(90_000, async () => ((await isFiring()) ? undefined : true));
  proof.check(`the worker goes on: WorkerDown is over in ${MONITOR}`, over === true);
}

async function isLate(scene: Scene, stood: number): Promise<void> {
  const query = 'clincher_schedule_lag_seconds{runbook="verify-backup"}';
  const late = await until(120_000, async () => {
    const [value] = await asked(scene, query);
    // One of the day before was punctual.
    return value !== undefined && value > stood / 2 ? value : undefined;
  });
  scene.proof.check(
    `the schedule is known to have begun ${late?.toFixed(0)} s late: the worker stood for ${stood.toFixed(0)} s`,
    late !== undefined && Math.abs(late - stood) < 60,
  );
  await sleep(1_000);
}
