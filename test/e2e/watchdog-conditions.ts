// Every condition of the watchdog on a real host: broken, raised, mended, over.
import type { LabHost } from '../lab/lab.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { told } from './verdicts.js';
import { heard, keys, look, looks, NAME, type Scene } from './watchdog-scene.js';

interface Condition {
  key: string;
  /** On the host. */
  breaks: string;
  mends: string;
  /** Looks until it is told; 1 where it is told at once. */
  looks?: number;
}

const KEPT = `${FOLDER}/monitoring/backups`;
const NEWEST = `${KEPT}/$(ls ${KEPT} | sort | tail -n 1)/manifest.json`;
const REDIS = `docker exec -e REDISCLI_AUTH="$(grep ^REDIS_PASSWORD= ${FOLDER}/.env | cut -d= -f2- | tr -d \\"\\')" openclaw-redis redis-cli`;
const PID = (name: string): string => `$(docker inspect -f '{{.State.Pid}}' ${name})`;
const back = (name: string): string =>
  `n=0; until [ "$(docker inspect -f '{{.State.Health.Status}}' ${name})" = healthy ]; do n=$((n+1)); [ $n -lt 240 ] || exit 1; sleep 0.5; done`;

const CONDITIONS: readonly Condition[] = [
  {
    key: 'watch.services:caddy',
    breaks: 'docker stop openclaw-caddy',
    mends: `docker start openclaw-caddy; ${back('openclaw-caddy')}`,
    looks: 2,
  },
  {
    key: 'watch.restarts:openclaw-egress',
    breaks: `for i in 1 2 3 4; do kill -9 ${PID('openclaw-egress')}; sleep 5; done; ${back('openclaw-egress')}`,
    // Within the hour it stays so: a start by hand counts anew, and what has risen is forgotten with the hour.
    mends: ':',
  },
  {
    key: 'watch.reboot',
    breaks: 'touch /run/reboot-required',
    mends: 'rm /run/reboot-required',
  },
  {
    key: 'watch.clock',
    breaks: `printf '#!/bin/sh\\n[ "$1" = +%%s ] && exec /usr/bin/date -d "+1 hour" "$@"\\nexec /usr/bin/date "$@"\\n' >/usr/local/bin/date; chmod 755 /usr/local/bin/date`,
    mends: 'rm /usr/local/bin/date',
    looks: 2,
  },
  {
    key: 'watch.spend:local/large',
    breaks: `k=$(${REDIS} --scan --pattern 'deployment_spend:*:30d' | sort | tr '\\n' ' '); for i in $k; do ${REDIS} set "$i" 9.5 keepttl; done`,
    mends: `k=$(${REDIS} --scan --pattern 'deployment_spend:*:30d'); for i in $k; do ${REDIS} set "$i" 0 keepttl; done`,
  },
  {
    key: 'watch.backups',
    breaks: `sed -i.aside -E 's/"made": ?"[^"]*"/"made":"2026-01-01T00:00:00Z"/' ${NEWEST}`,
    mends: `f=${NEWEST}; mv "$f.aside" "$f"`,
  },
];

export async function conditions(scene: Scene): Promise<void> {
  // LiteLLM keeps what a model has spent from its first answer on; a cache that was killed has forgotten it.
  const smoke = await scene.stage.cli(['run', 'smoke', '-s', NAME, '--yes', '--json'], {
    timeoutMs: 300_000,
  });
  scene.proof.check('the models answer', smoke.code === 0, told(smoke));
  for (const each of CONDITIONS) await condition(scene, each);
  await thresholds(scene);
  await unreachable(scene);
}

async function condition(scene: Scene, { key, breaks, mends, looks: count = 1 }: Condition): Promise<void> {
  const { proof, host } = scene;
  await must(host, breaks);
  if (count > 1) {
    const before = scene.receivers.heard.length;
    await looks(scene, count - 1);
    const said = scene.receivers.heard.slice(before).filter(({ by }) => by !== 'ping');
    proof.check(
      `${key}: of the first look nobody is told`,
      !said.some(({ text }) => text.includes(about(key))),
      said.map(({ text }) => text).join(),
    );
  }
  const raised = await look(scene);
  proof.check(
    `${key}: broken, it is raised`,
    raised.some((each) => each.key === key),
    keys(raised),
  );
  const alert = raised.find((each) => each.key === key);
  proof.check(
    `${key}: and told`,
    alert?.saidAt !== undefined && heard(scene, alert.text).length === 1,
    alert?.text,
  );
  await must(host, mends);
  if (mends === ':') return;
  const over = await looks(scene, 2);
  proof.check(`${key}: mended, it is over`, !over.some((each) => each.key === key), keys(over));
  proof.check(
    `${key}: and that is told`,
    heard(scene, `over: ${alert?.level} ${alert?.text}`).length === 1,
    alert?.text,
  );
}

const about = (key: string): string => key.split(/[.:]/)[1] ?? key;

/** The host stays as it is, and what is too much changes: the schedule is made anew, and what it knew stays known. */
async function thresholds(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  const before = keys(await look(scene));
  const settings = { disk_percent: 1, memory_percent: 1 };
  stage.set(NAME, { watchdog: settings });
  const sync = await stage.cli(['schedule', 'sync', '-s', NAME]);
  const raised = await looks(scene, 2);
  proof.check(
    'watch.disk, watch.memory: above the threshold they are raised',
    sync.code === 0 && keys(raised).includes('watch.disk:/') && keys(raised).includes('watch.memory'),
    keys(raised),
  );
  proof.check(
    'a schedule that is made anew knows what it knew',
    before === '' || before.split(' ').every((key) => keys(raised).includes(key)),
    `${before} → ${keys(raised)}`,
  );
  for (const key of Object.keys(settings)) stage.forget(NAME, ['watchdog', key]);
  await stage.cli(['schedule', 'sync', '-s', NAME]);
  const over = await looks(scene, 2);
  proof.check('below it they are over', !/watch\.(disk|memory)/.test(keys(over)), keys(over));
}

async function unreachable(scene: Scene): Promise<void> {
  const { proof, stage, host } = scene;
  const before = keys(await look(scene));
  await (host as LabHost).disconnect();
  const first = await look(scene);
  proof.check('cut off: of the first look nobody is told', !keys(first).includes('watch.host'), keys(first));
  const lost = await look(scene);
  proof.check(
    'cut off: at the second the server is one alert, and what was known stays',
    keys(lost).includes('watch.host') &&
      before
        .split(' ')
        .filter(Boolean)
        .every((key) => keys(lost).includes(key)),
    keys(lost),
  );
  const status = await stage.cli(['status', '-s', NAME]);
  proof.check('cut off: status says so, with 5', status.code === 5, status.stdout);
  await host.connect();
  const back = await looks(scene, 2);
  proof.check('there again: it is over', !keys(back).includes('watch.host'), keys(back));
}
