// monitoring: one server watches another across the network; what is read, who is refused, and what people are told.
import { setTimeout as sleep } from 'node:timers/promises';
import { machineAddress } from '../lab/network.js';
import { Receivers } from './alert-receivers.js';
import { everyQuestion, kumaSays, pictures } from './monitoring-pictures.js';
import { busyDay, runFails, traffic, workerStands } from './monitoring-runs.js';
import {
  alerts as alertsOf,
  asked,
  MONITOR,
  QUERIES,
  runMonitoring,
  type Scene,
  STRANGER,
  targets,
  until,
  WATCHED,
} from './monitoring-scene.js';
import { monitorSettings, watchedSettings } from './monitoring-stage.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { DOMAIN, provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { told } from './verdicts.js';

const PORT = 9443;
/** The control plane of the proof is this machine. */
const WORKER = `${machineAddress}:19464`;
const NAME = `${WATCHED}.metrics.clincher`;
const TOKEN = `/opt/monitoring/prometheus/doors/${WATCHED}.token`;

export async function monitoring(proof: Proof): Promise<void> {
  const receivers = new Receivers();
  try {
    await onStage(proof, async (stage) => {
      const { alerts } = await receivers.open(stage.folder, machineAddress);
      const scene = await hosts(proof, stage, alerts, receivers);
      await setUp(scene);
      await isRead(scene);
      await refusals(scene);
      await rules(scene);
      await quiet(scene);
      await busyDay(scene);
      await gatewayDown(scene);
      await traffic(scene);
      await workerStands(scene);
      await everyQuestion(scene);
      await pictures(scene);
      await sabotage(scene);
      await atTheEnd(scene);
    });
  } finally {
    receivers.close();
  }
}

/** The monitor first: a server cannot name one that is not there. */
async function hosts(proof: Proof, stage: Stage, alerts: object, receivers: Receivers): Promise<Scene> {
  const say = (line: string) => proof.say(line);
  const [monitor] = await stage.hosts(
    [{ name: MONITOR, distro: 'debian13', memory: '3g' }],
    await monitorSettings(alerts, WORKER, say),
  );
  const [stranger] = await stage.hosts([{ name: STRANGER, distro: 'debian13', memory: '1g' }]);
  // On a busy machine its worker takes longer than a run waits for one.
  const up = await stage.cli(['up'], { env: { CLINCHER_METRICS: WORKER }, timeoutMs: 120_000 });
  if (up.code !== 0) throw new Error(`clincher up: ${up.stderr}`);
  const { host: watched, run } = await provisionedStack(proof, stage, WATCHED, {
    more: () => watchedSettings(MONITOR),
  });
  if (run.code !== 0) throw new Error('not provisioned');
  await must(monitor!, `echo '${watched.address} ${DOMAIN}' >>/etc/hosts`);
  return { proof, stage, watched, monitor: monitor!, stranger: stranger!, receivers };
}

async function setUp(scene: Scene): Promise<void> {
  const { proof } = scene;
  const began = Date.now();
  const first = await runMonitoring(scene, MONITOR);
  proof.check('run monitoring makes a bare server the monitor', first.code === 0, told(first));
  proof.figure('a bare server becomes the monitor', seconds(Date.now() - began));
  for (const name of [MONITOR, WATCHED]) {
    const again = await runMonitoring(scene, name);
    proof.check(
      `${name}: a second run changes nothing`,
      again.code === 0 && !/"status":\s*"changed"/.test(again.stdout),
      told(again),
    );
    const verify = await scene.stage.cli(['verify', '-s', name, '--json'], { timeoutMs: 400_000 });
    proof.check(`${name}: verify is green`, verify.code === 0, told(verify));
  }
}

async function isRead(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  const smoke = await stage.cli(['run', 'smoke', '-s', WATCHED, '--yes', '--json'], { timeoutMs: 200_000 });
  proof.check('models were asked', smoke.code === 0, told(smoke));
  const all = await targets(scene);
  const down = all.filter(({ health }) => health !== 'up');
  proof.check(
    `all ${all.length} targets are read`,
    all.length >= 8 && down.length === 0,
    down.map(({ job, error }) => `${job}: ${error}`).join('\n'),
  );
  for (const [what, query] of QUERIES) {
    const value = await until(90_000, async () => {
      const found = await asked(scene, query);
      return found.length > 0 && found.some((each) => Number.isFinite(each) && each > 0) ? found : undefined;
    });
    proof.check(`${what}: ${value?.slice(0, 4).join(', ') ?? 'nothing'}`, value !== undefined, query);
  }
}

/** `line` with a token from stdin where there is one; what curl says, or its exit code. */
const knock = (host: Scene['monitor'], at: string, token?: string): Promise<string> =>
  host
    .exec(
      `curl -sk -m 6 -o /dev/null -w '%{http_code}' --resolve ${NAME}:${PORT}:${at} ${token === undefined ? '' : '-H @-'} https://${NAME}:${PORT}/node; echo " exit $?"`,
      { timeoutMs: 20_000, ...(token === undefined ? {} : { input: `Authorization: Bearer ${token}` }) },
    )
    .then(({ stdout }) => stdout.trim());

async function refusals(scene: Scene): Promise<void> {
  const { proof, watched, monitor, stranger } = scene;
  const token = await must(monitor, `cat ${TOKEN}`);
  const at = watched.address;
  const known = await knock(monitor, at, token);
  proof.check('the monitor with the token: 200', known === '200 exit 0', known);
  const none = await knock(monitor, at);
  proof.check('the monitor without a token: 401', none === '401 exit 0', none);
  const wrong = await knock(monitor, at, 'wrong');
  proof.check('with a wrong one: 401', wrong === '401 exit 0', wrong);
  const third = await knock(stranger, at, token);
  proof.check('a third host, even with the token: no connection', third === '000 exit 28', third);
  const machine = await stranger.exec(`timeout 4 bash -c '</dev/tcp/${at}/443' && echo open`);
  proof.check('which does reach the web port', machine.stdout.trim() === 'open');
  const ports = [9090, 9093, 9100, 9115, 3000, 3001];
  const open = await stranger.exec(
    `for p in ${ports.join(' ')}; do timeout 3 bash -c "</dev/tcp/${monitor.address}/$p" 2>/dev/null && echo $p; done; true`,
    { timeoutMs: 60_000 },
  );
  proof.check('nothing of the monitor is open to it', open.stdout.trim() === '', open.stdout);
  const list = await monitor.exec('ss -Hltn');
  proof.check(
    'everything of the monitor listens on loopback',
    ports.every((port) => !new RegExp(`(0\\.0\\.0\\.0|\\*|\\[::\\]):${port}\\s`).test(list.stdout)) &&
      list.stdout.includes('127.0.0.1:9090'),
    list.stdout,
  );
  const shown = await monitor.exec(
    `ps axww; cat /opt/monitoring/docker-compose.yml /opt/monitoring/prometheus/prometheus.yml; docker inspect $(docker ps -q)`,
  );
  proof.check('the token stands in no argument, environment or configuration', !shown.stdout.includes(token));
  const mode = await must(monitor, `stat -c '%a %u' ${TOKEN}`);
  proof.check('its file is for Prometheus alone', mode.trim() === '600 65534', mode);
}

async function rules({ proof, monitor }: Scene): Promise<void> {
  const promtool = (words: string) => monitor.exec(`docker exec monitor-prometheus promtool ${words}`);
  const config = await promtool('check config /etc/prometheus/prometheus.yml');
  proof.check(
    'promtool: the configuration and its rules hold',
    config.code === 0,
    config.stdout + config.stderr,
  );
  const amtool = await monitor.exec(
    'docker exec monitor-alertmanager amtool check-config /etc/alertmanager/alertmanager.yml',
  );
  proof.check(
    'amtool: so does Alertmanager’s',
    amtool.code === 0 || /executable file not found/.test(amtool.stderr),
    amtool.stderr,
  );
}

/** Two servers on which nothing is wrong: an alarm now would be a false one. */
async function quiet(scene: Scene): Promise<void> {
  await kumaSays(scene, 1, 'the gateway is up');
  const found = await alertsOf(scene);
  scene.proof.check('nothing is wrong, and nothing fires', found.length === 0, JSON.stringify(found));
}

async function gatewayDown(scene: Scene): Promise<void> {
  const { proof, watched, receivers } = scene;
  const kinds = ['webhook', 'telegram', 'ntfy', 'email'] as const;
  const before = Object.fromEntries(kinds.map((kind) => [kind, receivers.by(kind).length]));
  const began = Date.now();
  await must(watched, 'docker stop -t 20 openclaw');
  const fired = await until(240_000, async () =>
    (await alertsOf(scene)).some(({ name }) => name === 'GatewayDown') ? true : undefined,
  );
  proof.check('the gateway is stopped: GatewayDown fires', fired === true);
  proof.figure('from the stop to the alert', seconds(Date.now() - began));
  const heard = (text: RegExp, kind: (typeof kinds)[number]): boolean =>
    receivers
      .by(kind)
      .slice(before[kind])
      .some((each) => text.test(each.text));
  for (const kind of kinds) {
    const there = await until(90_000, async () => (heard(/GatewayDown/, kind) ? true : undefined));
    proof.check(
      `${kind} has heard it`,
      there === true,
      receivers
        .by(kind)
        .slice(before[kind])
        .map(({ text }) => text.slice(0, 200))
        .join('\n'),
    );
  }
  proof.figure('from the stop to the people', seconds(Date.now() - began));
  await runFails(scene);
  await kumaSays(scene, 0, 'the gateway that is stopped is down');
  await must(watched, 'docker start openclaw');
  const over = await until(300_000, async () =>
    heard(/resolved/i, 'webhook') && heard(/resolved/i, 'telegram') ? true : undefined,
  );
  proof.check('it is started: they hear that it is over', over === true);
  await kumaSays(scene, 1, 'and up again');
}

async function sabotage(scene: Scene): Promise<void> {
  const { proof, monitor, watched, stage } = scene;
  const token = await must(monitor, `cat ${TOKEN}`);
  await must(monitor, `printf wrong >${TOKEN}`);
  const down = await until(60_000, async () => {
    const found = (await targets(scene)).filter(
      ({ job }) => job.endsWith(`-${WATCHED}`) && !job.startsWith('outside'),
    );
    return found.every(({ health }) => health === 'down') ? found : undefined;
  });
  proof.check(
    'with a wrong token nothing is read',
    down?.every(({ error }) => error.includes('401')) === true,
    JSON.stringify(down),
  );
  const verify = await stage.cli(['verify', '-s', MONITOR, '--json'], { timeoutMs: 300_000 });
  proof.check(
    'verify says so',
    verify.code !== 0 && told(verify).includes('kept.monitor-targets'),
    told(verify),
  );
  const asks = await stage.cli(
    ['run', 'monitoring', '-s', MONITOR, '--yes', '--json', '--on-failure', 'abort'],
    {
      timeoutMs: 300_000,
    },
  );
  proof.check('a file that a hand has changed is not overwritten unasked', asks.code !== 0, told(asks));
  const mends = await runMonitoring(scene, MONITOR, '--replace-edited');
  proof.check('told to, the run puts the token back', mends.code === 0, told(mends));
  proof.check('it is the same one', (await must(monitor, `cat ${TOKEN}`)) === token);
  // Somebody else in the door's place, with a certificate of his own.
  await must(
    watched,
    `cd /opt/openclaw && cp -p secrets/metrics/door.pem /root/door.pem && openssl req -x509 -newkey ed25519 -nodes -days 9 -subj /CN=${NAME} -addext subjectAltName=DNS:${NAME} -keyout /root/k -out /root/c 2>/dev/null && cat /root/k /root/c >secrets/metrics/door.pem && docker restart openclaw-metrics-door`,
  );
  const refused = await until(90_000, async () => {
    const found = (await targets(scene)).find(({ job }) => job === `node-${WATCHED}`);
    return found?.health === 'down' && /x509|certificate/.test(found.error) ? found.error : undefined;
  });
  proof.check(
    'another certificate in the door’s place: the monitor shows it no token',
    refused !== undefined,
    refused,
  );
  const back = await runMonitoring(scene, WATCHED, '--replace-edited');
  proof.check('the run on the watched server mends that', back.code === 0, told(back));
}

async function atTheEnd(scene: Scene): Promise<void> {
  const { proof, stage } = scene;
  await sleep(20_000);
  for (const name of [MONITOR, WATCHED]) {
    const end = await stage.cli(['verify', '-s', name, '--json'], { timeoutMs: 400_000 });
    proof.check(`at the end ${name} is green`, end.code === 0, told(end));
  }
}
