// What OpenClaw 2026.3.13 and 2026.9.6 answered, read; and that no token is among the words.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as openclaw from '../../src/commands/openclaw.js';
import type { Reading } from '../../src/model.js';
import { answer } from './answer.js';

const said = (name: string, exitCode = 0): Reading =>
  answer(readFileSync(join(import.meta.dirname, 'openclaw', `${name}.txt`), 'utf8'), exitCode);

const VERSIONS = ['2026.3', '2026.9'] as const;

describe('words', () => {
  it('let the token in by the environment, inside the container', () => {
    const words = openclaw.health.read.map(String);
    expect(words.slice(0, 5)).toEqual(['docker', 'exec', 'openclaw', 'sh', '-c']);
    expect(words.slice(-2)).toEqual(['health', '--json']);
    expect(words[5]).toMatch(/^umask 077 && OPENCLAW_GATEWAY_TOKEN=\$\(node /);
  });

  it('leave nothing behind that others may read', () =>
    expect(openclaw.plugins.read.slice(3)).toEqual([
      'sh',
      '-c',
      'umask 077 && exec openclaw "$@"',
      'openclaw',
      'plugins',
      'list',
      '--json',
    ]));

  it('approve one person at a time', () =>
    expect(openclaw.approvePairing('telegram', 'K7QX2M9P').slice(-4)).toEqual([
      'pairing',
      'approve',
      'telegram',
      'K7QX2M9P',
    ]));
});

describe.each(VERSIONS)('answers of %s', (version) => {
  it('version', () => expect(openclaw.version.parse(said(`version-${version}`))).toMatch(`${version}.`));

  it('audit: nothing critical', () => {
    const found = openclaw.audit.parse(said(`audit-${version}`));
    expect(found.filter(({ severity }) => severity === 'critical')).toEqual([]);
    expect(found.map(({ checkId }) => checkId)).toContain('gateway.probe_failed');
  });

  it('validation', () => {
    expect(openclaw.validation.parse(said(`valid-${version}`))).toEqual({ isValid: true, issues: [] });
    expect(openclaw.validation.parse(said(`invalid-${version}`, 1))).toEqual({
      isValid: false,
      issues: [
        'gateway.bind: Invalid input (allowed: "auto", "lan", "loopback", "custom", "tailnet")',
        '<root>: Unrecognized key: "nonsense"',
      ],
    });
  });

  it('plugins: those of the list, and no other', () => {
    const loaded = openclaw.plugins
      .parse(said(`plugins-${version}`))
      .filter(({ status }) => status === 'loaded')
      .map(({ id }) => id);
    expect(loaded.sort()).toEqual(['memory-core', 'telegram']);
  });

  it('health: the gateway is well, Telegram does not answer', () => {
    const { isOk, channels } = openclaw.health.parse(said(`health-${version}`));
    expect(isOk).toBe(true);
    expect(channels['telegram']).toMatchObject({ isConfigured: true, isProbed: false });
  });

  it('devices', () => {
    const { pending, paired } = openclaw.devices.parse(said(`devices-${version}`));
    expect(pending).toEqual([]);
    expect(paired.map(({ role }) => role)).toEqual(version === '2026.3' ? ['operator'] : []);
  });
});

describe('pairing', () => {
  const { parse } = openclaw.pairingRequests('telegram');

  it('has nobody waiting', () => expect(parse(said('pairing-2026.3'))).toEqual([]));

  it('shows who waits, with the code that the bot gave them', () =>
    expect(parse(said('pairing-waiting-2026.3'))).toEqual([
      { sender: '4242', name: 'ada', code: 'K7QX2M9P', createdAt: '2026-11-27T06:30:00.000Z' },
    ]));
});

describe('what makes no sense is unknown', () => {
  it.each([
    ['nothing', answer('')],
    ['an error', answer('', 1, 'Error response from daemon: No such container: openclaw')],
    ['half an answer', answer('{"ts":1,"summary":')],
    ['another shape', answer('{"findings":{}}')],
    ['a new severity', answer('{"findings":[{"checkId":"x","severity":"fatal","title":"x"}]}')],
  ])('%s', (_, reading) => expect(() => openclaw.audit.parse(reading)).toThrow());

  it('says what went wrong', () =>
    expect(() => openclaw.health.parse(answer('', 1, 'Error: No such container: openclaw\n'))).toThrow(
      'No such container: openclaw',
    ));

  it('takes lines of the log for what they are', () =>
    expect(
      openclaw.validation.parse(
        answer('{"time":"x","level":"warn"}\n{"valid":true,"path":"/x"}\n{"time":"y"}\n'),
      ),
    ).toEqual({ isValid: true, issues: [] }));
});
