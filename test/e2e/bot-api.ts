// bot-api: OpenClaw polls a Bot API of one's own through its egress proxy; who polls, and that two would be seen, is on record there.

import { ensureModelServer, type ModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import { labBot } from './bot-token.js';
import { until } from './moments.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { provisionedStack, versions } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { documentOf, told } from './verdicts.js';

const NAME = 'botty';

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  models: ModelServer;
  token: string;
}

export async function botApi(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const models = await ensureModelServer((line) => proof.say(line));
    const { token, channel } = await labBot(stage, models);
    const more = () => ({ channels: { telegram: channel } });
    const { host } = await provisionedStack(proof, stage, NAME, { version: versions[1]!, more });
    const scene = { proof, stage, host, models, token };
    await polls(scene);
    await written(scene);
    await answers(scene);
    await twoAreSeen(scene);
    await revoked(scene);
  });
}

async function polls({ proof, host, models: { bot }, token }: Scene): Promise<void> {
  await until('the gateway polls', async () => (await bot.holder(token)) !== undefined, 120_000);
  const pollers = await bot.pollers(token);
  proof.check('the gateway polls, from its host', pollers.join() === host.address, pollers.join());
  const log = await must(host, 'docker logs openclaw-egress 2>&1 | grep -c 10.66.0.4:8080');
  proof.check('through the egress proxy', Number(log) > 0, log);
  const { polls: record, calls } = await bot.record(token);
  proof.figure(
    'longest poll',
    `${Math.max(...record.map(({ begin, end }) => (end ?? Date.now()) - begin))} ms`,
  );
  proof.figure('calls besides', [...new Set(calls.map(({ method }) => method))].sort().join(', '));
}

async function written({ proof, stage, host }: Scene): Promise<void> {
  const list = await must(host, `cat ${FOLDER}/config/smokescreen-acl.yaml`);
  proof.check(
    'the list opens that host, and no longer Telegram’s',
    list.includes('channel telegram') && !list.includes('telegram.org'),
    list,
  );
  const verify = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
  proof.check('verify is green', verify.code === 0, told(verify));
  const seen = documentOf(verify).checks?.find(({ id }) => id === 'verify.channel-telegram');
  proof.check(
    'the channel is judged by that API',
    seen?.verdict === 'pass' &&
      /^10\.66\.0\.4 accepts the token of lab_\d+_bot$/.test(seen.evidence[0] ?? ''),
    JSON.stringify(seen),
  );
}

/** A stranger is answered with a code to pair by: the update went the whole way, and the answer back. */
async function answers({ proof, models: { bot }, token }: Scene): Promise<void> {
  await bot.say(token, { from: 4242, name: 'Ada', text: 'hello' });
  const sent = async (): Promise<string> =>
    (await bot.record(token)).calls
      .filter(({ method }) => method === 'sendMessage')
      .map(({ body }) => String(body['text']))
      .join('\n');
  await until('the stranger is answered', async () => (await sent()) !== '', 90_000).catch(() => {});
  proof.check('a stranger gets a code to pair by', /pairing/i.test(await sent()), await sent());
}

async function twoAreSeen({ proof, host, models, token }: Scene): Promise<void> {
  const { bot } = models;
  const before = await bot.overlaps(token);
  proof.check('nobody else had the bot until now', before.length === 0, before.join('\n'));
  await fetch(`${models.url}/bot${token}/getUpdates?timeout=1`);
  const after = await bot.overlaps(token);
  proof.check(
    'a second poller is seen',
    after.some((line) => line.includes(host.address)),
    after.join('\n'),
  );
  await must(host, 'docker stop openclaw');
  await until('nobody has the bot', async () => (await bot.holder(token)) === undefined, 30_000);
  proof.check('once the gateway is stopped, nobody has the bot', true);
  await must(host, 'docker start openclaw');
  await until('it polls again', async () => (await bot.holder(token)) === host.address, 180_000);
}

async function revoked({ proof, stage, models: { bot }, token }: Scene): Promise<void> {
  await bot.revoke(token);
  const only = ['verify', '-s', NAME, '--only', 'verify.channel-telegram', '--json'];
  const verify = await stage.cli(only, { timeoutMs: 300_000 });
  proof.check(
    'a revoked token is told',
    verify.code !== 0 && told(verify).includes('10.66.0.4 refuses the token (401)'),
    told(verify),
  );
}
