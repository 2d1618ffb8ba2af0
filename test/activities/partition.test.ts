// Activities see what a run means by a partition; a bot of somebody else is refused, and no value leaves the worker.
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect, it } from 'vitest';
import type { Deps } from '../../src/activities/deps.js';
import { Host, Meter } from '../../src/activities/host.js';
import { createActivities } from '../../src/activities/index.js';
import { ownBot } from '../../src/activities/partition.js';
import { asked } from '../../src/activities/partition-words.js';
import { storeSecret } from '../../src/activities/store-secret.js';
import { checksOf } from '../../src/checks/index.js';
import { asked as ofGateway } from '../../src/commands/openclaw.js';
import { redisNow } from '../../src/commands/redis.js';
import type { Server } from '../../src/model.js';
import { partitionOf } from '../../src/stack/partitions.js';
import { watchesOf } from '../../src/watches/index.js';
import { partitioned } from '../fixture-partitions.js';

const main = partitioned({ channels: { telegram: { enabled: true } } });
const team = partitionOf(main, 'team');
const named = { ...main, stack: { ...main.stack, partition: 'team' } };

it('a run names a partition, and activities plan for it', async () => {
  const opened: Server[] = [];
  const deps = {
    hosts: {
      open: async (server: Server) => {
        opened.push(server);
        throw new Error('that is enough');
      },
    },
    secrets: { redact: (text: string) => text },
    now: () => Date.parse('2026-11-27'),
  } as unknown as Deps;
  const { survey } = createActivities(deps);
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  await environment.run(survey, { server: named, checklist: 'stack' }).catch(() => {});
  expect(opened[0]?.stack.directory).toBe('/opt/openclaw/partitions/team');
  expect(opened[0]?.channels.telegram.token).toBe('secret://prod/team_telegram_bot_token');
});

it('commands are asked under its names, and under the server’s own where there is none', () => {
  expect(asked(team, ofGateway('health')).slice(0, 3)).toEqual(['docker', 'exec', 'openclaw-team']);
  expect(asked(main, ofGateway('health')).slice(0, 3)).toEqual(['docker', 'exec', 'openclaw']);
  expect(asked(team, redisNow('/x').read).at(-1)).toBe('openclaw-team-redis');
});

it('a host that is opened for it reads under its names', async () => {
  const scripts: string[] = [];
  const session = {
    alive: true,
    endpoint: { user: 'root', port: 22 },
    exec: async (_: string, { stdin }: { stdin: string }) => {
      scripts.push(stdin);
      return { code: 0, stdout: '', stderr: '', durationMs: 1 };
    },
  };
  const host = new Host(session as never, async () => session as never, team, undefined, new Meter());
  await host.read([ofGateway('health')]).catch(() => {});
  expect(scripts.join()).toContain('docker exec openclaw-team sh');
});

it('no command of a check or watch names a container within a longer word: it would be the server’s', () => {
  const facts = [...checksOf(team), ...watchesOf(team)].flatMap((each) =>
    Object.values(each.facts(team) as Record<string, { read: readonly unknown[] }>),
  );
  const words = facts
    .flatMap(({ read }) => asked(team, read as string[]))
    .filter((word) => typeof word === 'string');
  expect(words.length).toBeGreaterThan(50);
  // By those names a container is addressed from the host; inside the networks they are names of services.
  const strange = words.filter((word) =>
    /docker (?:exec|logs|inspect|restart) openclaw\b(?!-team)|address\("openclaw/.test(word),
  );
  expect(strange).toEqual([]);
});

const TOKENS: Record<string, string> = {
  'secret://prod/telegram_bot_token': '111111111:own',
  'secret://prod/team_telegram_bot_token': '222222222:teams',
  'secret://spare/telegram_bot_token': '333333333:spares',
};

const secrets = (tokens = TOKENS) => ({
  missing: async (refs: readonly string[]) => refs.filter((ref) => !(ref in tokens)),
  reveal: async (ref: string) => tokens[ref]!,
  unseal: async (sealed: string) => sealed,
  store: async () => ({ fingerprint: 'sha256:ab12' }),
});
const deps = (tokens = TOKENS) => ({ secrets: secrets(tokens) }) as unknown as Deps;
const others = { ...main, bots: [{ holder: 'spare', token: 'secret://spare/telegram_bot_token' }] };
const view = partitionOf(others, 'team');

it('a bot of its own is fine', () => expect(ownBot(deps(), { server: view })).resolves.toBeUndefined());

it.each<[string, string, string]>([
  ['the server’s own', '111111111:own', 'held by prod already'],
  ['another token of that bot', '111111111:another', 'held by prod already'],
  ['that of another server', '333333333:spares', 'held by spare already'],
])('%s is refused, without a value in the error', async (_, token, sentence) => {
  const known = { ...TOKENS, 'secret://prod/team_telegram_bot_token': token };
  const error = await ownBot(deps(known), { server: view }).catch((cause: Error) => cause);
  expect(error).toMatchObject({ code: 'BOT_IN_USE' });
  expect(String(error)).toContain(sentence);
  expect(JSON.stringify(error) + String(error)).not.toContain(token);
});

it('a bot that has no value yet is nobody’s', () =>
  expect(
    ownBot(deps({ 'secret://prod/team_telegram_bot_token': '1:x' }), { server: view }),
  ).resolves.toBeUndefined());

const gate = (sealed: string, ref = 'secret://prod/team_telegram_bot_token') =>
  storeSecret(deps(), { ref, sealed, shape: undefined, server: others });

it('a gate takes no bot of somebody else, and says whose it is', async () => {
  expect(await gate('111111111:own')).toMatchObject({
    stored: false,
    reason: expect.stringContaining('bot of prod:'),
  });
  expect(await gate('333333333:spares')).toMatchObject({ stored: false });
  expect(await gate('444444444:new')).toMatchObject({ stored: true });
  expect(await gate('111111111:own', 'secret://prod/anthropic_api_key')).toMatchObject({ stored: true });
});
