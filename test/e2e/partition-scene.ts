// A server with a bot, to which a partition with another bot is added: what runs of both, and what a run of one says.
import { type BotApi, ensureModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import { labBot, newBotToken } from './bot-token.js';
import type { CliResult } from './cli.js';
import { until } from './moments.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { provisionedStack, versions } from './stack-stage.js';
import type { Stage } from './stage.js';

export const NAME = 'shared-house';
export const GATE = 'team-telegram-bot-token';
export const TEAM = '/opt/openclaw/partitions/team';

export interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  bot: BotApi;
  /** Of the server's own bot. */
  own: string;
  /** Of the bot that the partition gets. */
  team: string;
}

/** Two gateways and all that each needs have to fit into one small host. */
const LIMITS = { openclaw: { cpus: 1.5, memory: '1664m' }, litellm: { cpus: 1, memory: '512m' } };

export async function sceneOf(proof: Proof, stage: Stage): Promise<Scene> {
  const models = await ensureModelServer((line) => proof.say(line));
  const { token: own, channel } = await labBot(stage, models);
  const team = newBotToken();
  await models.bot.add(team, `lab_${team.split(':')[0]}_bot`);
  const more = () => ({ channels: { telegram: channel }, stack: { limits: LIMITS } });
  const { host } = await provisionedStack(proof, stage, NAME, { version: versions[1]!, more });
  await until('the gateway polls', async () => (await models.bot.holder(own)) !== undefined, 120_000);
  return { proof, stage, host, bot: models.bot, own, team };
}

const words = (act: 'add' | 'remove', name: string): string[] => [
  ...['run', 'partition', `--${act}`, name, '-s', NAME, '--yes', '--json', '--on-failure', 'abort'],
];

export const run = ({ stage }: Scene, act: 'add' | 'remove', name = 'team'): Promise<CliResult> =>
  stage.cli(words(act, name), { timeoutMs: 900_000 });

/** The answer that a person would paste; what the command says of it. */
export const answer = ({ stage }: Scene, gate: string, value: string): Promise<CliResult> =>
  gate === GATE
    ? stage.cli(['answer', gate, '-', '-s', NAME], { input: value, timeoutMs: 60_000 })
    : stage.cli(['answer', gate, value, '-s', NAME], { timeoutMs: 60_000 });

/** Until the run has ended, whichever command is there to see it. */
export async function toTheEnd({ stage }: Scene): Promise<CliResult> {
  const follow = ['follow', '@last', '-s', NAME, '--json', '--timeout', '8m'];
  return stage.cli(follow, { timeoutMs: 520_000 });
}

export const ids = async (host: LabHost, filter: string): Promise<string> =>
  (await must(host, `docker ps -q --no-trunc --filter ${filter} | sort`)).trim();

export const ofProject = (project: string): string => `label=com.docker.compose.project=${project}`;

interface Inspected {
  Config: { Labels: Record<string, string>; Env: string[]; User: string; Cmd: string[]; Image: string };
  HostConfig: Record<string, unknown>;
  Mounts: { Destination: string; RW: boolean }[];
}

/** What is another of each container, walls or not: where its files lie, its name in networks, its cgroup's place. */
const ITS_OWN = ['Binds', 'Mounts', 'NetworkMode', 'ContainerIDFile', 'LogConfig'];

/** A value is no wall, and no two gateways have one alike: hashes of them are compared elsewhere. */
const unsecret = (variable: string): string => variable.replace(/^([A-Z_]*(?:KEY|PASSWORD))=.*$/, '$1=…');

function walls({ Config, HostConfig, Mounts }: Inspected): string {
  const host = Object.entries(HostConfig).filter(([name]) => !ITS_OWN.includes(name));
  const mounts = Mounts.map(({ Destination, RW }) => `${Destination} ${RW}`).sort();
  const { Env, User, Cmd, Image } = Config;
  return JSON.stringify({ User, Cmd, Image, env: Env.map(unsecret).sort(), mounts, host });
}

/** Everything that walls each container of a project in, as Docker itself has it, by service. */
export async function wallsOf(host: LabHost, project: string): Promise<Map<string, string>> {
  const text = await must(host, `docker ps -aq --filter ${ofProject(project)} | xargs docker inspect`);
  const found = JSON.parse(text) as Inspected[];
  return new Map(
    found
      .map((each): [string, string] => [each.Config.Labels['com.docker.compose.service'] ?? '', walls(each)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
