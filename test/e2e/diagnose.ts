// diagnose: every row of the guide's troubleshooting table caused on a real host, named first or second, repaired at a gate, and gone.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cause } from '../../src/model.js';
import { ensureModelServer, type ModelServer } from '../lab/images/model-server.js';
import { ensureStackImages } from '../lab/images/stack.js';
import type { LabHost } from '../lab/lab.js';
import { newBotToken } from './bot-token.js';
import type { CliResult } from './cli.js';
import { GROUPS, type Group, type Ill } from './diagnose-ills.js';
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
function chosen(): Group[] {
  const word = new RegExp(process.env['CLINCHER_ILL'] ?? '', 'i');
  const ofGroup = ({ ills, ...rest }: Group): Group => ({
    ...rest,
    ills: ills.filter(({ row, name }) => word.test(`${row} ${name}`)),
  });
  return GROUPS.map(ofGroup).filter(({ ills }) => ills.length > 0);
}

const allOf = ({ ills, follows }: Group): Ill[] => [...ills, ...(follows ? [follows] : [])];

export async function diagnose(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const scene = await healthyHost(proof, stage);
    const list = chosen();
    const mended = new Set<string>();
    for (const group of list) for (const { row } of await fallsIll(scene, group)) mended.add(row);
    proof.figure('rows of the guide caused', new Set(list.flatMap(allOf).map(({ row }) => row)).size);
    proof.figure('rows named first or second, and mended', mended.size);
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

const causeOf = (result: CliResult, { row, cause }: Ill): Cause | undefined =>
  (found(result).causes ?? []).find(({ diagnosis, id }) => diagnosis === row && id === cause);

/** Among what does not ail the host: whatever else does stands beside it. */
function placeOf(result: CliResult, ill: Ill, group: Group): number {
  const others = allOf(group).filter((each) => each !== ill);
  const wrong = (found(result).causes ?? []).filter(({ id }) => !others.some(({ cause }) => cause === id));
  return wrong.findIndex(({ diagnosis, id }) => diagnosis === ill.row && id === ill.cause) + 1;
}

/** Those that were named and mended. */
async function fallsIll(scene: Scene, group: Group): Promise<Ill[]> {
  const { proof, stage } = scene;
  const { ills } = group;
  try {
    await caused(scene, ills);
    const seen = await whileRead(scene, group, () => looked(stage));
    proof.figure(`${shortly(ills)}: a diagnosis`, seconds(seen.ms));
    const named = ills.filter((ill) => isNamed(scene, ill, group, seen));
    const { run = '' } = found(seen);
    const well = named.length === 0 ? [] : await mended(scene, group, run);
    await left(stage, run);
    if (well.length < allOf(group).length) await putRight(scene);
    return well.filter((ill) => ill === group.follows || named.includes(ill));
  } catch (error) {
    proof.check(`${shortly(ills)}: came to its end`, false, (error as Error).stack);
    return putRight(scene);
  } finally {
    await withoutStandIns(scene.host, ills);
  }
}

const shortly = (ills: readonly Ill[]): string => ills.map(({ cause }) => cause).join(', ');

async function caused({ host }: Scene, ills: readonly Ill[]): Promise<void> {
  for (const ill of ills) await commit(host, ill);
  for (const { shows } of ills) if (shows) await must(host, shows);
}

function isNamed({ proof }: Scene, ill: Ill, group: Group, seen: CliResult): boolean {
  const place = placeOf(seen, ill, group);
  const { evidence = [] } = causeOf(seen, ill) ?? {};
  const isSeen = evidence.length > 0 && (ill.seen?.test(evidence.join('\n')) ?? true);
  const ok = (place === 1 || place === 2) && isSeen;
  proof.check(`${ill.name}: named first or second, with what was seen`, ok, said(seen));
  return ok;
}

async function left(stage: Stage, run: string): Promise<void> {
  const { gates } = found(await stage.cli(['show', run, '--json']));
  if (gates?.length) await stage.cli(['answer', 'repair', 'leave', '--run', run]);
}

/** As ever, so that the next ones are found alone. */
async function putRight({ proof, stage }: Scene): Promise<[]> {
  const again = await stage.provision(NAME, '--replace-edited');
  proof.say(`  put right by a provision: exit ${again.code}`);
  return [];
}

const withoutStandIns = async (host: LabHost, ills: readonly Ill[]): Promise<void> => {
  for (const { standIn } of ills) if (standIn) await host.exec(standIn);
};

async function mended(scene: Scene, { ills, follows }: Group, run: string): Promise<Ill[]> {
  const after = await repaired(scene, run, ills);
  const well = await thoseWell(scene, ills, after);
  const late = follows === undefined ? [] : await followed(scene, follows, run, after);
  return [...well, ...late];
}

async function followed(scene: Scene, ill: Ill, run: string, seen: CliResult): Promise<Ill[]> {
  if (!isNamed(scene, ill, { ills: [ill] }, seen)) return [];
  return thoseWell(scene, [ill], await repaired(scene, run, [ill]));
}

/** By one answer. */
async function repaired(scene: Scene, run: string, ills: readonly Ill[]): Promise<CliResult> {
  const { proof, stage } = scene;
  const began = Date.now();
  const [first, second] = ills as [Ill, Ill?];
  const answer = await stage.cli(['answer', 'repair', second ? 'all' : first.cause, '--run', run]);
  proof.check(`${shortly(ills)}: a person chooses the repair`, answer.code === 0, tail(answer));
  for (const ill of ills) await gaveSecret(scene, ill);
  const after = await lookedAgain(stage, run);
  proof.figure(`${shortly(ills)}: repaired and looked at again`, seconds(Date.now() - began));
  return after;
}

async function thoseWell({ proof, host }: Scene, ills: readonly Ill[], after: CliResult): Promise<Ill[]> {
  const well: Ill[] = [];
  for (const ill of ills) {
    const isGone = found(after).causes !== undefined && causeOf(after, ill) === undefined;
    const isMended = (await host.exec(ill.well, { timeoutMs: 60_000 })).code === 0;
    proof.check(
      `${ill.name}: its repair works, on the host too`,
      isGone && isMended,
      `${isMended} ${said(after)}`,
    );
    if (isGone && isMended) well.push(ill);
  }
  return well;
}

/** Until it has ended, or asks again: a viewer without a terminal would wait for the next answer. */
async function lookedAgain(stage: Stage, run: string): Promise<CliResult> {
  let seen = await stage.cli(['show', run, '--json']);
  const isOver = async (): Promise<boolean> => {
    await sleep(2_000);
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
async function whileRead<T>(scene: Scene, { ills }: Group, work: () => Promise<T>): Promise<T> {
  if (!ills.some(({ isRead }) => isRead)) return work();
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
