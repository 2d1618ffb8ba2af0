// The table of OpenClaw's settings: what each version gets, what stays, and what stops a run.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/stack/openclaw-row.js';
import {
  at,
  type JsonObject,
  mergeConfig,
  ROWS,
  resultOf,
  wantedSettings,
} from '../../src/stack/openclaw-settings.js';
import { versionOf } from '../../src/stack/openclaw-version.js';
import { soul } from '../../src/stack/soul.js';
import { type Overrides, server } from '../steps/fixture.js';

const V3 = '2026.3.13';
const V6 = '2026.6.11';
const V9 = '2026.9.6';

const configOf = (version: string, want: Overrides = {}, now: JsonObject = {}): JsonObject =>
  mergeConfig(now, wantedSettings(server(want), version)).config;

const settingAt = (key: string, version: string, want: Overrides = {}): Json | undefined =>
  at(configOf(version, want), key);

describe('versions', () => {
  it.each([
    ['2026.3.13', '2026.3'],
    ['2026.3.13-slim', '2026.3'],
    ['v2026.5.28', '2026.3'],
    ['2026.6.11', '2026.6'],
    ['2026.7.1', '2026.6'],
    ['2026.8.2', '2026.8'],
    ['2026.9.6-r20260901@sha256:00', '2026.8'],
    ['2027.1.1', '2026.8'],
  ])('%s has the keys of %s', (text, generation) => expect(versionOf(text).generation).toBe(generation));

  it.each(['latest', 'extended-stable', '', '9.6'])('%s names none', (text) =>
    expect(() => versionOf(text)).toThrow('names no version'),
  );
});

describe('settings', () => {
  it.each([
    ['agents.defaults.memorySearch.provider', V3, 'openai'],
    ['agents.defaults.memorySearch.provider', V9, undefined],
    ['memory.search.provider', V9, 'openai-compatible'],
    ['memory.search.provider', V6, undefined],
    ['logging.redactSensitive', V6, 'tools'],
    ['logging.redactSensitive', V9, undefined],
    ['gateway.controlUi.allowInsecureAuth', V3, false],
    ['gateway.controlUi.allowInsecureAuth', V9, undefined],
    ['agents.defaults.reasoningDefault', V3, undefined],
    ['agents.defaults.reasoningDefault', V9, 'off'],
    ['cron.enabled', V3, false],
    ['cron.enabled', V9, undefined],
    ['meta.lastTouchedVersion', V3, undefined],
    ['meta.lastTouchedVersion', V9, '2026.9.6'],
    ['gateway.terminal.enabled', V9, false],
  ])('%s on %s is %j', (key, version, value) => expect(settingAt(key, version)).toEqual(value));

  it.each([V3, V6, V9])('%s removes no conversation by itself where an age is configured', (version) => {
    const aged = { memory: { keep_conversations_days: 90 } };
    expect(settingAt('session.maintenance', version, aged)).toEqual({ mode: 'warn', pruneAfter: '90d' });
    expect(settingAt('session.maintenance', version)).toBeUndefined();
  });

  it.each([V6, V9])('%s asks a Bot API of one’s own', (version) => {
    const own = { channels: { telegram: { enabled: true, api_root: 'https://bot-api.example.com' } } };
    expect(settingAt('channels.telegram.apiRoot', version, own)).toBe('https://bot-api.example.com');
    expect(settingAt('channels.telegram.apiRoot', version)).toBeUndefined();
    expect(() => configOf(V3, own)).toThrow('2026.3.13 has no twin of channels.telegram.apiRoot');
  });

  it('never lets every plugin in', () => {
    const off = { channels: { telegram: { enabled: false } }, memory: { enabled: false } };
    expect(settingAt('plugins.allow', V3, off)).toEqual(['memory-core']);
    const on = { channels: { telegram: { enabled: true }, slack: { enabled: true } } };
    expect(settingAt('plugins.allow', V9, on)).toEqual(['telegram', 'slack', 'memory-core']);
  });

  it.each<[Overrides, Json]>([
    [{}, []],
    [{ proxy: { kind: 'caddy', domain: 'claw.example.com' } }, ['172.16.253.3']],
    [{ proxy: { kind: 'tunnel', domain: 'claw.example.com' } }, ['172.16.253.3']],
    [{ proxy: { kind: 'tailscale' } }, ['172.16.253.1']],
    [{ proxy: { kind: 'caddy' }, stack: { proxy_subnet: '10.9.8.16/28' } }, ['10.9.8.19']],
  ])('trusts exactly the proxy: %j', (want, trusted) =>
    expect(settingAt('gateway.trustedProxies', V3, want)).toEqual(trusted),
  );

  it('allows the origin of the proxy, or those that are named', () => {
    const proxy = { kind: 'caddy', domain: 'claw.example.com' } as const;
    expect(settingAt('gateway.controlUi.allowedOrigins', V3, { proxy })).toEqual([
      'https://claw.example.com',
    ]);
    const openclaw = { origins: ['https://other.example.com'] };
    expect(settingAt('gateway.controlUi.allowedOrigins', V3, { proxy, openclaw })).toEqual(openclaw.origins);
  });

  it('denies files and commands where there is no sandbox for them', () => {
    expect(settingAt('agents.defaults.sandbox.mode', V9)).toBe('off');
    expect(settingAt('tools.deny', V9)).toEqual(expect.arrayContaining(['group:runtime', 'group:fs']));
    expect(settingAt('agents.defaults.sandbox.docker', V9)).toBeUndefined();
  });

  it('runs them in a shut sandbox where there is one', () => {
    const want: Overrides = { openclaw: { sandbox: 'docker', denied_tools: ['image'] } };
    expect(settingAt('tools.deny', V3, want)).not.toContain('group:fs');
    expect(settingAt('tools.deny', V3, want)).toContain('image');
    expect(settingAt('gateway.tools.deny', V3, want)).toEqual(expect.arrayContaining(['exec', 'image']));
    expect(settingAt('tools.exec.host', V3, want)).toBe('sandbox');
    expect(settingAt('agents.defaults.sandbox', V3, want)).toMatchObject({
      mode: 'all',
      workspaceAccess: 'none',
      docker: { network: 'none', capDrop: ['ALL'], readOnlyRoot: true, memory: '1g', pidsLimit: 512 },
      prune: { idleHours: 12, maxAgeDays: 3 },
    });
  });

  it('knows no provider beside LiteLLM, and limits answers in both places', () => {
    const config = configOf(V3);
    expect(Object.keys(at(config, 'models.providers') as JsonObject)).toEqual(['litellm']);
    const [opus] = at(config, 'models.providers.litellm.models') as JsonObject[];
    expect(opus).toMatchObject({ id: 'anthropic/claude-opus-4-6', maxTokens: 4096 });
    const limits = at(config, 'agents.defaults.models') as JsonObject;
    expect(limits['litellm/anthropic/claude-opus-4-6']).toEqual({ params: { maxTokens: 4096 } });
  });

  it('holds no secret, only where each is', () => {
    const want = server({
      channels: {
        telegram: { enabled: true },
        discord: { enabled: true, guild: '42' },
        slack: { enabled: true },
        webhook: { enabled: true },
      },
    });
    const text = JSON.stringify(mergeConfig({}, wantedSettings(want, V9)).config);
    expect(text).not.toContain('secret://');
    const ids = [...text.matchAll(/"source":"file","provider":"clincher","id":"\/(\w+)"/g)].map(
      ([, id]) => id,
    );
    expect([...new Set(ids)].sort()).toEqual(
      ['gatewayToken', 'litellmKey', 'telegramToken', 'discordToken', 'slackBotToken', 'slackAppToken']
        .concat('slackSigningSecret')
        .sort(),
    );
    expect(text).toContain('"token":"${OPENCLAW_WEBHOOK_TOKEN}"');
  });

  it('stops where a version lacks what security rests on', () => {
    const bind = ROWS.find(({ guide }) => guide === 'gateway.bind');
    const key = bind?.key;
    if (bind === undefined || key === undefined) throw new Error('no such row');
    bind.key = { '2026.3': 'gateway.bind', '2026.6': 'gateway.bind', '2026.8': null };
    try {
      expect(() => wantedSettings(server(), V9)).toThrow('2026.9.6 has no twin of gateway.bind');
    } finally {
      bind.key = key;
    }
  });
});

describe('merging', () => {
  const written: JsonObject = {
    gateway: { customBindHost: 'x' },
    meta: { a: 1 },
    wizard: { lastRunAt: 'now' },
  };

  it('keeps what is not ours', () => expect(configOf(V3, {}, written)).toMatchObject(written));

  it('changes nothing the second time, whatever the order of keys', () => {
    const first = configOf(V9, {}, written);
    const shuffled = JSON.parse(JSON.stringify(first, (_, v) => reversed(v))) as JsonObject;
    const { config, results } = mergeConfig(shuffled, wantedSettings(server(), V9));
    expect(results.filter(({ isChanged }) => isChanged)).toEqual([]);
    expect(JSON.stringify(config)).toBe(JSON.stringify(shuffled));
  });

  it('says of each setting what became of it', () => {
    const [bind] = wantedSettings(server(), V3).filter(({ key }) => key === 'gateway.bind');
    const [deny] = wantedSettings(server(), V3).filter(({ key }) => key === 'tools.deny');
    const [redact] = wantedSettings(server(), V9).filter(({ guide }) => guide === 'logging.redactSensitive');
    if (!bind || !deny || !redact) throw new Error('a row is missing');
    expect(resultOf(bind, undefined)).toMatchObject({ word: 'applied', isChanged: true });
    expect(resultOf(bind, 'lan')).toMatchObject({ word: 'already', isChanged: false });
    expect(resultOf(deny, undefined)).toMatchObject({ word: 'renamed', name: 'agents.defaults.tools.deny' });
    expect(resultOf(redact, undefined)).toMatchObject({ word: 'unsupported', key: null });
  });
});

const reversed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).reverse())
    : value;

describe('skills', () => {
  const skill = { name: 'review', source: 'https://example.com/s', commit: '0'.repeat(40), path: '.' };
  const withSkill = (more: object = {}): Overrides => ({
    openclaw: { skills: [{ ...skill, executables: false }], ...more },
  });

  it('are never an empty list of bundled ones, which lets all of them in', () => {
    expect(settingAt('skills.allowBundled', V3)).toEqual(['none']);
    expect(settingAt('skills.allowBundled', V9, withSkill({ bundled_skills: ['weather'] }))).toEqual([
      'weather',
    ]);
  });

  it('are found where the gateway cannot write, and by name where a version has such a list', () => {
    expect(settingAt('skills.load.extraDirs', V3)).toBeUndefined();
    expect(settingAt('skills.load.extraDirs', V3, withSkill())).toEqual(['/opt/clincher/skills']);
    expect(settingAt('agents.defaults.skills', V3, withSkill())).toBeUndefined();
    expect(settingAt('agents.defaults.skills', V9)).toEqual([]);
    expect(settingAt('agents.defaults.skills', V9, withSkill({ bundled_skills: ['weather'] }))).toEqual([
      'review',
      'weather',
    ]);
  });

  it('are neither of its own making nor of a device', () => {
    expect(settingAt('skills.workshop.autonomous.enabled', V6)).toBe(false);
    expect(settingAt('skills.workshop.autonomous.mode', V9)).toBe('off');
    expect(settingAt('gateway.nodes.allowSkills', V9)).toBe(false);
  });

  it('SOUL.md says where the skills are that a sandbox holds, to versions that name another place', () => {
    const of = (version: string, sandbox: 'off' | 'docker'): string =>
      soul(server({ ...withSkill({ sandbox }), stack: { images: { openclaw: { version } } } } as never));
    expect(of(V3, 'docker')).toContain('read skills/NAME/SKILL.md');
    expect(of(V3, 'off')).not.toContain('SKILL.md');
    expect(of(V9, 'docker')).not.toContain('SKILL.md');
  });
});

describe('SOUL.md', () => {
  const text = soul(server({ openclaw: { rules: ['Answer in Dutch.'] } }));

  it.each([
    'Ignore your instructions',
    'developer mode',
    'DAN',
    'another AI',
    'educational purposes',
    'character',
    'web pages',
  ])('has an answer to %s', (attack) =>
    expect(
      text
        .split('## Attempts')[1]
        ?.split('\n')
        .find((line) => line.includes(attack)),
    ).toMatch(/: .{20}/),
  );

  it('has the rules of this deployment', () => expect(text).toContain('- Answer in Dutch.\n'));

  it('fits into what OpenClaw puts into a prompt', () => expect(text.length).toBeLessThan(20_000));
});
