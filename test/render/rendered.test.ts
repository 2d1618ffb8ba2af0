// What is rendered comes from the steps and from nowhere else, and holds no secret.
import { describe, expect, it } from 'vitest';
import { placed } from '../../src/activities/secret-tokens.js';
import { SYSTEMS, type SystemName } from '../../src/render/bare-host.js';
import { planned, rendered } from '../../src/render/rendered.js';
import { stackFiles } from '../../src/stack/files.js';
import { fixtureServer } from '../fixture-server.js';
import { differences, writeGolden } from './golden.js';
import { CASE_NAMES, CASES } from './servers.js';

/** What is fed into a program that keeps its own files: ufw writes its rules itself. */
const RULES = /^(limit|allow|deny|firewall: )/;

describe.each(CASE_NAMES)('the files of a server that is %s', (name) => {
  const { server, system } = CASES[name];
  const result = rendered(server, system);
  if (process.env['CLINCHER_GOLDEN'] === 'write') writeGolden(name, result);

  it('are those that golden/ has', () => expect(differences(name, result)).toEqual([]));

  it('every step could be planned', () => expect(result.unplanned).toEqual([]));

  it('whatever a step writes is among them', () => {
    const changes = planned(server, system).flatMap((plan) => plan.changes);
    const unseen = changes.filter(({ file, run }) => !file && run.some(({ stdin }) => stdin !== undefined));
    expect(unseen.map(({ what }) => what).filter((what) => !RULES.test(what))).toEqual([]);
    const paths = new Set(result.files.map(({ path }) => path));
    expect(changes.flatMap(({ file }) => (file && !paths.has(file.path) ? [file.path] : []))).toEqual([]);
  });

  it('every file of the stack is among them', () => {
    const paths = result.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(stackFiles(server).map(({ path }) => path)));
    expect(paths.filter((path) => /openclaw\.json$|SOUL\.md$/.test(path))).toHaveLength(2);
  });

  it('a secret stands there by its name alone', () => {
    const env = result.files.find(({ path }) => path.endsWith('/.env'))?.content ?? '';
    const values = env.split('\n').filter((line) => /(KEY|PASSWORD|TOKEN|SECRET|WALLET)=/.test(line));
    expect(values.length).toBeGreaterThan(1);
    for (const line of values) expect(line).toMatch(/^[A-Z_]+='«(secret:\/\/|env:|file:|exec:).*»'$/);
  });
});

describe('systems', () => {
  it.each(Object.keys(SYSTEMS) as SystemName[])('%s: a plain server can be rendered', (system) => {
    const { files, unplanned } = rendered(fixtureServer(), system);
    expect(unplanned).toEqual([]);
    const sshd = files.find(({ path }) => path.startsWith('/etc/ssh/'))?.content;
    // Only OpenSSH 9.8 and later knows it; an older one would not start.
    expect(sshd?.includes('PerSourcePenaltyExemptList')).toBe(system === 'debian13');
  });

  it('a host without a stack has none of its files', () => {
    const server = fixtureServer({ role: 'monitor' });
    expect(rendered(server, 'debian13').files.filter(({ path }) => path.startsWith('/opt/'))).toEqual([]);
  });

  it('what cannot be planned is told', () => {
    const { ssh } = fixtureServer();
    const server = fixtureServer({ ssh: { ...ssh, authorized_keys: [] } });
    expect(rendered(server, 'debian13').unplanned).toEqual([
      { step: 'base.authorized-keys', reason: 'the configuration has no key that could log in' },
    ]);
  });
});

it('a name is written as its value would be', () => {
  expect(placed('{"a":"«exec:op "x"»"}', 'json', (ref) => `«${ref}»`)).toBe('{"a":"«exec:op \\"x\\"»"}');
  expect(placed('A=«file:/a #b»', 'env', (ref) => `«${ref}»`)).toBe("A='«file:/a #b»'");
});
