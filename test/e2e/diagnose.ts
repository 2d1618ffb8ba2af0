// diagnose: every row of the guide's troubleshooting table caused on a real host, named first or second, repaired at a gate, and gone.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cause } from '../../src/model.js';
import { ensureModelServer, type ModelServer } from '../lab/images/model-server.js';
import { ensureStackImages } from '../lab/images/stack.js';
import type { LabHost } from '../lab/lab.js';
import { newBotToken } from './bot-token.js';
import type { CliResult } from './cli.js';
import { ILLS, type Ill } from './diagnose-ills.js';
import { until } from './moments.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { commit } from './sabotage.js';
import { provisionedStack, versions } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { tail, told } from './verdicts.js';

const NAME = 'ailing';

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  models: ModelServer;
  token: string;
}

/** A part of them: `CLINCHER_ILL='redis|oom' npm run e2e -- diagnose`. */
const chosen = (): Ill[] => {
  const word = process.env['CLINCHER_ILL'];
  return ILLS.filter(({ row, name }) => word === undefined || new RegExp(word, 'i').test(`${row} ${name}`));
};

export async function diagnose(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const scene = await healthyHost(proof, stage);
    const list = chosen();
    let named = 0;
    for (const ill of list) named += (await fallsIll(scene, ill)) ? 1 : 0;
    proof.figure('rows of the guide caused', new Set(list.map(({ row }) => row)).size);
    proof.figure('named first or second, and mended', named);
    const end = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 600_000 });
    proof.check('at the end verify is green', end.code === 0, told(end));
  });
}

async function healthyHost(proof: Proof, stage: Stage): Promise<Scene> {
  const models = await ensureModelServer((line) => proof.say(line));
  const token = newBotToken();
  await models.bot.add(token, 'lab_ailing_bot');
  const { registry, images } = await ensureStackImages((line) => proof.say(line), ['sandbox']);
  const { repository, version: tag } = images.sandbox;
  const { host, run } = await provisionedStack(proof, stage, NAME, {
    version: versions[1]!,
    more: () => ({
      channels: { telegram: { enabled: true, api_root: models.url } },
      memory: { enabled: true, provider: 'vllm', model: 'embed' },
      openclaw: { sandbox: 'docker' },
      stack: { images: { sandbox: { repository: `${registry}/${repository}`, version: tag } } },
    }),
    ready: () => put(stage, 'telegram_bot_token', token),
  });
  if (run.code !== 0) throw new Error('not provisioned');
  const well = await looked(stage);
  proof.check('a host that is well: nothing points to anything', well.code === 0, said(well));
  proof.figure('a diagnosis of a host that is well', seconds(well.ms));
  return { proof, stage, host, models, token };
}

async function put(stage: Stage, name: string, value: string): Promise<void> {
  const { code, stderr } = await stage.cli(['secrets', 'set', name, '-s', NAME], { input: value });
  if (code !== 0) throw new Error(stderr);
}

const looked = (stage: Stage): Promise<CliResult> =>
  stage.cli(['run', 'diagnose', '-s', NAME, '--json'], { timeoutMs: 600_000 });

interface Found {
  status?: string;
  run?: string;
  causes?: Cause[];
  gates?: { id: string }[];
}

const found = ({ stdout }: CliResult): Found => {
  try {
    return JSON.parse(stdout) as Found;
  } catch {
    return {};
  }
};

const said = (result: CliResult): string =>
  [
    `exit ${result.code}`,
    ...(found(result).causes ?? []).map(
      ({ weight, diagnosis, id, evidence }) => `${weight} ${diagnosis} ${id}: ${evidence.join('; ')}`,
    ),
    ...(found(result).causes ? [] : [tail(result)]),
  ].join('\n');

const indexOf = (result: CliResult, { row, cause }: Ill): number =>
  (found(result).causes ?? []).findIndex(({ diagnosis, id }) => diagnosis === row && id === cause);

async function fallsIll(scene: Scene, ill: Ill): Promise<boolean> {
  const { proof, stage, host } = scene;
  const { name } = ill;
  try {
    await commit(host, ill);
    const seen = await whileRead(scene, ill, () => looked(stage));
    const at = indexOf(seen, ill);
    const states = await must(host, "docker ps -a --format '{{.Names}} {{.Status}}'");
    proof.check(
      `${name}: named first or second, with what was seen`,
      at === 0 || at === 1,
      `${said(seen)}\n${states}`,
    );
    if (at < 0) return await givenUp(scene, ill, seen);
    const isWell = await mended(scene, ill, found(seen).run ?? '');
    return isWell && at < 2;
  } catch (error) {
    proof.check(`${name}: came to its end`, false, (error as Error).stack);
    return false;
  }
}

/** What was not found is put right as ever, so that the next one is found alone. */
async function givenUp({ proof, stage, host }: Scene, { standIn }: Ill, seen: CliResult): Promise<false> {
  const { run, gates } = found(seen);
  if (gates?.length) await stage.cli(['answer', 'repair', 'leave', '--run', run ?? '']);
  if (standIn) await must(host, standIn);
  const again = await stage.provision(NAME, '--replace-edited');
  proof.say(`  put right by a provision: exit ${again.code}`);
  return false;
}

async function mended(scene: Scene, ill: Ill, run: string): Promise<boolean> {
  const { proof, stage, host } = scene;
  const { name, cause, well, standIn } = ill;
  const began = Date.now();
  const answer = await stage.cli(['answer', 'repair', cause, '--run', run]);
  proof.check(`${name}: a person chooses its repair`, answer.code === 0, tail(answer));
  await gaveSecret(scene, ill);
  const after = await lookedAgain(stage, run);
  proof.figure(`${name}: repaired and looked at again`, seconds(Date.now() - began));
  const isGone = found(after).causes !== undefined && indexOf(after, ill) < 0;
  const isMended = (await host.exec(well, { timeoutMs: 60_000 })).code === 0;
  proof.check(`${name}: its repair works, on the host too`, isGone && isMended, `${isMended} ${said(after)}`);
  if (found(after).gates?.length) await stage.cli(['answer', 'repair', 'leave', '--run', run]);
  if (standIn) await must(host, standIn);
  return isGone && isMended;
}

/** Until it has ended, or asks again: a viewer without a terminal would wait for the next answer. */
async function lookedAgain(stage: Stage, run: string): Promise<CliResult> {
  let seen = await stage.cli(['show', run, '--json']);
  const isOver = async (): Promise<boolean> => {
    await sleep(5_000);
    seen = await stage.cli(['show', run, '--json']);
    return found(seen).status !== 'running';
  };
  await until('the repair is over, and was looked at', isOver, 900_000);
  return seen;
}

async function gaveSecret(scene: Scene, { asks }: Ill): Promise<void> {
  if (asks === undefined) return;
  const { stage, models } = scene;
  const next = newBotToken();
  await models.bot.add(next, 'lab_ailing_next_bot');
  const isAsked = async (): Promise<boolean> =>
    (await stage.cli(['gates', '-s', NAME])).stdout.includes(asks.gate);
  await until(`${asks.gate} is asked`, isAsked, 300_000);
  const answer = await stage.cli(['answer', asks.gate, '-', '-s', NAME], { input: next });
  scene.proof.check('the new token is taken', answer.code === 0, tail(answer));
  scene.token = next;
}

/** A second reader sends the gateway's own poll away, again and again. */
async function whileRead<T>(scene: Scene, { isRead }: Ill, work: () => Promise<T>): Promise<T> {
  if (!isRead) return work();
  const { models, token, host } = scene;
  const conflict = `docker logs --since 10m openclaw 2>&1 | grep -qi 'terminated by other getUpdates'`;
  await until(
    'the gateway complains of it',
    async () => {
      await fetch(`${models.url}/bot${token}/getUpdates?timeout=1`);
      return (await host.exec(conflict)).code === 0;
    },
    120_000,
  );
  return work();
}
