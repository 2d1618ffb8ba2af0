// stack-bad-luck: what breaks on a provisioned host. The service goes on where it can; what cannot go on says why, and waits.
import { render } from '../../src/activities/script.js';
import { asked } from '../../src/commands/openclaw.js';
import type { ModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult, Doc } from './cli.js';
import { type Proof, seconds } from './proof.js';
import { FOLDER } from './sabotage.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

const NAME = 'unlucky';

interface Place {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  models: ModelServer;
}

export async function stackBadLuck(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const place = await provisioned(proof, stage);
    for (const work of [
      keysAndBudgets,
      cacheGone,
      cacheBroken,
      invalidSettings,
      overlayMissing,
      newerToken,
      networkTaken,
    ]) {
      await work(place).catch((error: Error) =>
        proof.check(`${work.name} came to its end`, false, error.stack ?? ''),
      );
      await quiet(place);
    }
  });
}

async function provisioned(proof: Proof, stage: Stage): Promise<Place> {
  const { host, models } = await provisionedStack(proof, stage, NAME);
  return { proof, stage, host, models };
}

const tail = ({ stdout, stderr }: CliResult): string => (stdout + stderr).slice(-3_000);

async function must(host: LabHost, line: string): Promise<string> {
  const { code, stdout, stderr } = await host.exec(`cd ${FOLDER} && ${line}`, { timeoutMs: 240_000 });
  if (code !== 0)
    throw new Error(`${line.slice(0, 200)}: exit ${code}\n${stdout.slice(-500)}${stderr.slice(-500)}`);
  return stdout.trim();
}

/** A run after each case, so that what one left behind is not found by the next; one that waits would lock it out. */
async function quiet({ proof, stage }: Place): Promise<void> {
  const again = await stage.provision(NAME);
  const changed = again.code === 0 ? again.doc.steps.filter(({ status }) => status === 'changed') : [];
  const told = changed.map(({ id }) => id).join(', ');
  proof.check(
    'and a run then has nothing to do',
    again.code === 0 && changed.length === 0,
    told || tail(again),
  );
  if (again.code !== 0) await stage.cli(['abort', '@last', '-s', NAME]);
}

const failed = ({ steps = [] }: Partial<Doc>, id: string) =>
  steps.find((step) => step.id === id)?.error as Told | undefined;

interface Told {
  code: string;
  message: string;
  evidence?: string[];
}

const gates = ({ doc }: CliResult): string => (doc.gates ?? []).map(({ id }) => id).join();

/** The run's end after its gate was answered. */
async function retried({ stage }: Place): Promise<CliResult> {
  await stage.cli(['retry', '@last', '-s', NAME]);
  return stage.toTheEnd(
    stage.start(['follow', '@last', '-s', NAME, '--json', '--timeout', '8m'], { timeoutMs: 500_000 }),
    NAME,
  );
}

/** A whole turn: the gateway, the agent, LiteLLM, the model server. */
async function turn({ host, models }: Place): Promise<{ isAnswered: boolean; said: string; ms: number }> {
  const word = `lucky-${Date.now()}`;
  const params = JSON.stringify({
    message: `[[say: ${word}]]`,
    sessionKey: `agent:main:${word}`,
    deliver: false,
    timeout: 90,
    idempotencyKey: word,
  });
  const before = await models.count();
  const began = Date.now();
  const words = [
    'gateway',
    'call',
    'agent',
    '--json',
    '--expect-final',
    '--timeout',
    '120000',
    '--params',
    params,
  ];
  const { stdout, stderr } = await host.exec(render(asked(...words)), { timeoutMs: 200_000 });
  const isAnswered = stdout.includes(word) && (await models.count()) > before;
  return { isAnswered, said: (stdout + stderr).slice(-1_500), ms: Date.now() - began };
}

/** Statuses only leave the container; its own key it reads from the mounted file. */
const ASK_LITELLM = `const key = JSON.parse(require('fs').readFileSync('/home/node/.config/clincher/secrets.json')).litellmKey;
const ask = (authorization) => fetch('http://openclaw-litellm:4000/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) }, body: JSON.stringify({ model: 'clincher-budget-proof', max_tokens: 1, messages: [{ role: 'user', content: String(Math.random()) }] }) }).then(({ status }) => status);
(async () => { const said = [await ask(), await ask('Bearer sk-not-ours')]; for (let i = 0; i < 6; i++) { said.push(await ask('Bearer ' + key)); await new Promise((next) => setTimeout(next, 500)); } console.log(JSON.stringify(said)); })();`;

/** The first is still within the budget; what it spent is counted a moment later. */
async function keysAndBudgets({ proof, host }: Place): Promise<void> {
  const words = ['docker', 'exec', 'openclaw', 'env', '-u', 'HTTP_PROXY', 'node', '-e', ASK_LITELLM];
  const [none = 0, wrong = 0, ...own] = JSON.parse(await must(host, render(words))) as number[];
  const told = [none, wrong, ...own].join(', ');
  proof.check(
    'LiteLLM refuses a call without a key, and with a wrong one',
    none >= 400 && wrong >= 400,
    told,
  );
  proof.check('LiteLLM refuses the good key once the model is over its budget', own.at(-1) === 429, told);
}

async function cacheGone(place: Place): Promise<void> {
  const { proof, host, stage } = place;
  await must(host, 'docker stop openclaw-redis');
  const seen = await turn(place);
  proof.check('without Redis a whole turn is still answered', seen.isAnswered, seen.said);
  proof.figure('a turn without Redis', seconds(seen.ms));
  const repaired = await stage.provision(NAME);
  proof.check('a run starts Redis again', repaired.code === 0, tail(repaired));
}

/** Its file is damaged, so it ends as soon as it has started, again and again. */
async function cacheBroken(place: Place): Promise<void> {
  const { proof, host, stage } = place;
  await must(
    host,
    'docker stop openclaw-redis && cp -a cache/dump.rdb cache/kept 2>/dev/null; echo damaged >cache/dump.rdb',
  );
  const seen = await stage.provision(NAME);
  const error = failed(seen.doc, 'stack.services');
  const said = (error?.evidence ?? []).join('\n');
  proof.check(
    'a container that never turns healthy: the step fails as a gate',
    gates(seen) === 'failed:stack.services',
    tail(seen),
  );
  proof.check(
    'its error names it and has the last words of its log',
    error?.code === 'NOT_HEALTHY' &&
      /not healthy: openclaw-redis is /.test(said) &&
      /RDB|loading the DB/.test(said),
    JSON.stringify(error, null, 1),
  );
  proof.check('it is not waited for until the time is over', seen.ms < 120_000, seconds(seen.ms));
  proof.figure('a loop is found within', seconds(seen.ms));
  await must(
    host,
    'rm -f cache/dump.rdb; if [ -e cache/kept ]; then mv cache/kept cache/dump.rdb; fi; docker restart openclaw-redis',
  );
  const done = await retried(place);
  proof.check('mended and retried, the run ends', done.code === 0, tail(done));
}

const STARTED = `docker inspect -f '{{.State.StartedAt}} {{.State.Health.Status}}' openclaw`;

/** A key that OpenClaw does not know, written by a hand; ours are then right and the file as a whole is not. */
async function invalidSettings(place: Place): Promise<void> {
  const { proof, host, stage } = place;
  await must(host, `sed -i '0,/{/s//{ "nonsense": { "a": 1 },/' data/openclaw.json`);
  const before = [await must(host, 'sha256sum data/openclaw.json'), await must(host, STARTED)].join('\n');
  stage.set(NAME, { openclaw: { heartbeat_minutes: 47 } });
  const seen = await stage.provision(NAME);
  const error = failed(seen.doc, 'openclaw.config');
  const said = (error?.evidence ?? []).join('\n');
  proof.check(
    'a configuration that does not validate: a gate',
    gates(seen) === 'failed:openclaw.config',
    tail(seen),
  );
  proof.check(
    'OpenClaw’s own words are in the error',
    /nothing was written/.test(said) && /nonsense/.test(said),
    said,
  );
  const after = [await must(host, 'sha256sum data/openclaw.json'), await must(host, STARTED)].join('\n');
  proof.check(
    'nothing was written, and the old one runs on, healthy',
    before === after && /healthy/.test(after),
    `${before}\n${after}`,
  );
  await must(host, `sed -i 's/ "nonsense": { "a": 1 },//' data/openclaw.json`);
  const done = await retried(place);
  proof.check('mended and retried, the run ends', done.code === 0, tail(done));
}

async function overlayMissing({ proof, host, stage }: Place): Promise<void> {
  await must(host, 'rm compose.caddy.yml && ! docker compose config -q 2>/dev/null');
  const plan = await stage.cli(['plan', '-s', NAME, '--json']);
  const changes = (plan.doc.steps ?? []).flatMap((step) => step.changes.map(({ what }) => what)).join('\n');
  proof.check(
    'an overlay that is missing: the plan says so',
    changes.includes(`create ${FOLDER}/compose.caddy.yml`),
    changes,
  );
  const repaired = await stage.provision(NAME);
  const works = await host.exec(`cd ${FOLDER} && docker compose config -q && docker compose ps -q caddy`);
  proof.check(
    'a run puts it back, and compose finds its services again',
    repaired.code === 0 && works.code === 0 && works.stdout.trim() !== '',
    tail(repaired) + works.stderr,
  );
}

const SECRETS = 'secrets/openclaw/secrets.json';
const NEWER = 'c0ffee12'.repeat(8);

/** As one does who rotates a token by hand, at night. */
async function newerToken(place: Place): Promise<void> {
  const { proof, host, stage } = place;
  await must(
    host,
    `cp -p ${SECRETS} /root/kept && sed -i -E 's/("gatewayToken": ")[^"]*/\\1${NEWER}/' ${SECRETS}`,
  );
  const seen = await stage.provision(NAME);
  const error = failed(seen.doc, 'stack.secrets');
  const said = (error?.evidence ?? []).join('\n');
  proof.check(
    'a token that a hand has made newer: a gate that asks',
    gates(seen) === 'failed:stack.secrets' && error?.code === 'HAND_EDITED',
    tail(seen),
  );
  proof.check(
    'the difference is shown, of secrets their hashes alone',
    /- .*gatewayToken/.test(said) &&
      /\+ .*gatewayToken/.test(said) &&
      !(seen.stdout + seen.stderr).includes(NEWER),
    said,
  );
  proof.check('the newer token is still there', (await must(host, `cat ${SECRETS}`)).includes(NEWER));
  await must(host, `cp -p /root/kept ${SECRETS} && rm /root/kept`);
  const done = await retried(place);
  proof.check('put back and retried, the run ends', done.code === 0, tail(done));
}

/** Docker would take the old network down before it says that the new one cannot be. */
async function networkTaken(place: Place): Promise<void> {
  const { proof, host, stage } = place;
  await must(host, 'docker network create --subnet 172.30.44.0/24 strangers');
  const before = await must(host, STARTED);
  stage.set(NAME, { stack: { proxy_subnet: '172.30.44.0/28' } });
  const seen = await stage.provision(NAME);
  const error = seen.doc.error ?? (seen.doc.gates?.[0] as { note?: string } | undefined);
  proof.check(
    'a subnet that others use: found before the first change',
    gates(seen) === 'failed:preflight' && JSON.stringify(error).includes('172.30.44.1/24'),
    tail(seen),
  );
  proof.check('the gateway runs on', (await must(host, STARTED)) === before);
  await must(host, 'docker network rm strangers');
  stage.set(NAME, { stack: { proxy_subnet: '172.30.44.0/28' } });
  const done = await retried(place);
  proof.check('free again and retried: the network is moved, and all is proved', done.code === 0, tail(done));
  const trusted = await must(
    host,
    `python3 -c 'import json; print(json.load(open("data/openclaw.json"))["gateway"]["trustedProxies"])'`,
  );
  proof.check('and exactly one address is trusted', trusted === "['172.30.44.3']", trusted);
}
