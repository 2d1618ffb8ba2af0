// What Docker calls unhealthy is restarted by the watchdog: three times an hour, then a person is asked; and never under a run.
import { until } from './moments.js';
import { must } from './published.js';
import { heard, keys, look, NAME, type Scene } from './watchdog-scene.js';

const SERVICE = 'openclaw-redis';
/** All of them: the first may be one that only hands signals on. */
const FREEZE = `kill -STOP $(docker top ${SERVICE} -eo pid | tail -n +2)`;

/** Three failures half a minute apart, and the time each is given. */
const WITHIN_MS = 240_000;

const becomes = ({ host }: Scene, health: string): Promise<void> =>
  until(
    `${SERVICE} is ${health}`,
    async () =>
      (await host.exec(`docker inspect -f '{{.State.Health.Status}}' ${SERVICE}`)).stdout.trim() === health,
    WITHIN_MS,
  );

const startedAt = ({ host }: Scene): Promise<string> =>
  must(host, `docker inspect -f '{{.State.StartedAt}}' ${SERVICE}`);

async function sick(scene: Scene): Promise<void> {
  await must(scene.host, FREEZE);
  await becomes(scene, 'unhealthy');
}

async function idle({ stage }: Scene): Promise<void> {
  const free = async () => (await stage.cli(['lock', 'status', '-s', NAME])).stdout.includes('free');
  await until('the server is free', free, 240_000);
}

export async function heals(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  for (let i = 1; i <= 3; i += 1) {
    await sick(scene);
    const before = await startedAt(scene);
    await look(scene);
    await becomes(scene, 'healthy');
    proof.check(
      `unhealthy for the ${i}. time: restarted, and healthy`,
      (await startedAt(scene)) !== before,
      before,
    );
    await idle(scene);
  }
  const { stdout } = await stage.cli(['runs', '-s', NAME, '--json']);
  const runs = (JSON.parse(stdout) as { runs: { runbook: string; who: string; status: string }[] }).runs;
  const healed = runs.filter(
    ({ runbook, who, status }) => runbook === 'heal' && who === 'watchdog' && status === 'done',
  );
  proof.check('each time a run of its own, that ended well', healed.length === 3, JSON.stringify(runs));
  await asks(scene);
}

async function asks(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  await sick(scene);
  const alerts = await look(scene);
  proof.check(
    'the fourth time within the hour: it stops, and says so',
    keys(alerts).includes('watch.heal:redis'),
    keys(alerts),
  );
  proof.check('and people hear of it', heard(scene, 'not restarted any more').length === 1);
  const asked = async () => (await stage.cli(['gates', '-s', NAME])).stdout.includes('heal');
  await until('it is asked', asked, 60_000);
  const answer = await stage.cli(['answer', 'heal', 'yes', '-s', NAME]);
  await becomes(scene, 'healthy');
  proof.check('a person says yes: it is restarted once more', answer.code === 0, answer.stderr);
  await idle(scene);
}
