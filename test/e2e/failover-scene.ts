// The scene of a failover: a primary with a bot and copies elsewhere, its standby, a monitor; and what is asked of whoever holds the bot.
import { type BotApi, ensureModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import { newBotToken } from './bot-token.js';
import { farHost } from './far-host.js';
import { type Keepsake, keepsakes } from './keepsakes.js';
import { until } from './moments.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { DOMAIN, provisionedStack, versions } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { told } from './verdicts.js';

export const [PRIMARY, STANDBY, MONITOR, FAR] = ['acorn', 'oak', 'watchtower', 'cellar'] as const;

export interface Scene {
  stage: Stage;
  /** The machine that clincher.yaml calls the primary now, and the other one. */
  now(): LabHost;
  other(): LabHost;
  /** They have exchanged their places. */
  moved(): void;
  kept: Keepsake[];
  bot: BotApi;
  /** The bot’s tokens, the one of now last. */
  tokens: string[];
}

const KEPT = ['a memory', 'a conversation', 'a setting of an operator'];

export async function sceneOf(proof: Proof, stage: Stage): Promise<Scene> {
  const models = await ensureModelServer((line) => proof.say(line));
  const token = newBotToken();
  await models.bot.add(token);
  const channel = { enabled: true, api_root: models.url };
  const remembers = () => ({
    memory: { enabled: true, provider: 'vllm', model: 'embed' },
    channels: { telegram: channel },
  });
  const { host } = await provisionedStack(proof, stage, PRIMARY, {
    ready: () => tokenKnown(stage, token),
    version: versions[1]!,
    more: remembers,
  });
  await farHost(stage, PRIMARY, FAR);
  await stage.hosts([
    { name: STANDBY, distro: 'debian13', memory: '6g' },
    { name: MONITOR, distro: 'debian13', memory: '1g' },
  ]);
  stage.standby(STANDBY, PRIMARY);
  stage.set(MONITOR, { role: 'monitor' });
  let places = [host, stage.host(STANDBY)] as [LabHost, LabHost];
  const moving = new Proxy(host, { get: (_, name) => Reflect.get(places[0], name) as unknown }) as LabHost;
  const kept = keepsakes(moving, models).filter(({ what }) => KEPT.includes(what));
  for (const each of kept) await each.put();
  return {
    stage,
    now: () => places[0],
    other: () => places[1],
    moved: () => {
      places = [places[1], places[0]];
      stage.reread();
    },
    kept,
    bot: models.bot,
    tokens: [token],
  };
}

/** With a backup, of which nothing has reached the standby yet; the machines are gone afterwards. */
export const onScene = (proof: Proof, work: (scene: Scene) => Promise<void>): Promise<void> =>
  onStage(proof, async (stage) => {
    const scene = await sceneOf(proof, stage);
    await backedUp(proof, scene);
    await work(scene);
  });

/** Into the vault, as a person would: it can be replaced there. */
async function tokenKnown(stage: Stage, token: string): Promise<void> {
  await stage.up();
  const stored = await stage.cli(['secrets', 'set', 'telegram_bot_token', '-s', PRIMARY], { input: token });
  if (stored.code !== 0) throw new Error(`the token was not stored: ${stored.stderr}`);
}

export async function backedUp(proof: Proof, { stage }: Scene): Promise<void> {
  const made = await stage.cli(['run', 'backup', '-s', PRIMARY, '--yes', '--json'], { timeoutMs: 400_000 });
  proof.check('a backup is made, and copied to another server', made.code === 0, told(made));
}

export async function stagedStandby(proof: Proof, { stage }: Scene, what: string): Promise<void> {
  const words = ['run', 'stage-standby', '-s', STANDBY, '--yes', '--json', '--on-failure', 'abort'];
  const run = await stage.cli(words, { timeoutMs: 600_000 });
  proof.check(what, run.code === 0, told(run));
}

/** What runs of the stack on a machine: a view of its own. */
export const running = async (host: LabHost): Promise<string[]> =>
  (await must(host, "docker ps --format '{{.Names}}'")).split('\n').filter(Boolean).sort();

interface Seen {
  id: string;
  instructions: string[];
  note?: string;
}

/** Waits for a gate by its name; a step that fails ends the waiting with its words. */
export async function gate(stage: Stage, id: string, withinMs = 300_000): Promise<Seen> {
  let found: Seen | undefined;
  await until(
    `gate ${id} opens`,
    async () => {
      const { stdout } = await stage.cli(['gates', '-s', PRIMARY, '--json']);
      // A busy control plane may not answer just now.
      const { gates = [] } = JSON.parse(stdout) as { gates?: Seen[] };
      const failed = gates.find((each) => each.id.startsWith('failed:') && each.id !== id);
      if (failed) throw new Error(`${failed.id}: ${failed.note ?? ''} ${stdout.slice(0, 1500)}`);
      found = gates.find((each) => each.id === id);
      return found !== undefined;
    },
    withinMs,
  );
  return found!;
}

export const answer = (stage: Stage, id: string, value: string) =>
  stage.cli(['answer', id, value, '-s', PRIMARY], { timeoutMs: 60_000 });

/** Begins by itself and goes on alone; gates are answered as they open. */
export async function begin(proof: Proof, scene: Scene, runbook: 'failover' | 'failback'): Promise<void> {
  await nameLeads(scene, scene.now());
  const words = ['run', runbook, '-s', PRIMARY, '--confirm', PRIMARY, '--detach', '--on-failure', 'ask'];
  const run = await scene.stage.cli(words, { timeoutMs: 120_000 });
  proof.check(`a ${runbook} begins`, run.code === 8, run.stdout + run.stderr);
}

export const toItsEnd = (stage: Stage) =>
  stage.cli(['follow', '@last', '-s', PRIMARY, '--json', '--timeout', '15m'], { timeoutMs: 960_000 });

/** Its name is asked for until it leads there: seen by the machine that goes on. */
export async function nameFollows(scene: Scene): Promise<void> {
  await gate(scene.stage, 'dns-record', 600_000);
  await nameLeads(scene, scene.other());
}

/** The world's answer, as the standby hears it; Docker holds the file, so that it cannot be replaced. */
export const nameLeads = ({ other }: Scene, { address }: LabHost): Promise<string> =>
  must(
    other(),
    `others=$(grep -v '${DOMAIN}' /etc/hosts); printf '%s\n%s\n' "$others" '${address} ${DOMAIN}' >/etc/hosts`,
  );

/** At no moment two machines had the bot, with whichever token; and now it is this one. */
export async function oneHolds(proof: Proof, { bot, tokens, now }: Scene, when: string): Promise<void> {
  const token = tokens.at(-1)!;
  await until('the gateway polls', async () => (await bot.holder(token)) === now().address, 120_000).catch(
    () => {},
  );
  const holder = await bot.holder(token);
  proof.check(`${when}: ${now().name} holds the bot`, holder === now().address, holder);
  const twice = (await Promise.all(tokens.map((each) => bot.overlaps(each)))).flat();
  proof.check(`${when}: at no moment two held it`, twice.length === 0, twice.join('\n'));
}
