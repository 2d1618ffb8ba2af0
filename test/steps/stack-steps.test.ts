// The steps of the stack on a host that has what they wrote: nothing to do, and every way in which it can differ is seen.
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/activities/evaluate.js';
import { render } from '../../src/activities/script.js';
import type { AnyStep, Change, Reading } from '../../src/model.js';
import { stackFiles } from '../../src/stack/files.js';
import { imagesNeeded, pinned } from '../../src/stack/images.js';
import { services } from '../../src/stack/services.js';
import { STEPS } from '../../src/steps/index.js';
import { HOST, server } from './fixture.js';

const want = server({
  stack: { egress: { source: 'image' } },
  proxy: { kind: 'caddy', domain: 'claw.example.com' },
});

const stepOf = (id: string): AnyStep => STEPS.find((step) => step.id === id)!;
const changes = (id: string, facts: Record<string, string>): string[] =>
  planned(id, facts).map(({ what }) => what);
const commands = (id: string, facts: Record<string, string>): string[] =>
  planned(id, facts).flatMap(({ run }) => run.map(({ command }) => render(command)));
const planned = (id: string, facts: Record<string, string>): readonly Change[] => {
  const step = stepOf(id);
  const readings = Object.keys(step.facts(want)).map(
    (name): Reading => ({ stdout: facts[name] ?? '', stderr: '', exitCode: 0 }),
  );
  return evaluate(step, want, HOST, readings).changes;
};

interface Owned {
  path: string;
  mode: string;
  owner: string;
  group: string;
  ids: string;
  content: string;
  isOurs: boolean;
}

/** As the host reads them back; user 1000 has another name there. */
const files = (edit: (file: Owned) => Partial<Owned> = () => ({})): string =>
  JSON.stringify(
    stackFiles(want, HOST).map(({ path, mode, owner, group, content }) => {
      const isNumber = /^\d/.test(owner);
      const names = isNumber ? { owner: 'debian', group: 'debian' } : { owner, group };
      const ids = isNumber ? `${owner}:${group}` : '1001:1001';
      const file = { path, mode, ...names, ids, content, isOurs: true };
      return { ...file, ...edit(file) };
    }),
  );

describe.each(['compose', 'env', 'models', 'egress', 'secrets', 'proxies'].map((name) => `stack.${name}`))(
  '%s',
  (id) => {
    it('has nothing to do where its files are as written', () =>
      expect(changes(id, { files: files() })).toEqual([]));
    it('says when a hand has changed them', () => {
      const found = changes(id, {
        files: files(({ content }) => ({ content: `${content}#\n`, isOurs: false })),
      });
      expect(found.length).toBeGreaterThan(0);
      expect(found.every((what) => what.endsWith('(edited by hand)'))).toBe(true);
    });
    it('writes them again where clincher wrote something older', () => {
      const found = changes(id, { files: files(({ content }) => ({ content: `${content}#\n` })) });
      expect(found.length).toBeGreaterThan(0);
      expect(found.some((what) => what.includes('by hand'))).toBe(false);
    });
    it('shuts what others may read or own', () => {
      expect(changes(id, { files: files(() => ({ mode: '0666' })) }).length).toBeGreaterThan(0);
      expect(changes(id, { files: files(() => ({ ids: '0:0', owner: 'root' })) }).length).toBeGreaterThan(0);
    });
  },
);

/** As Docker's API lists them. */
const listed = (edit: (service: string) => Record<string, unknown> = () => ({})): string =>
  JSON.stringify(
    services(want).map(({ service, container, image, part }) => ({
      Names: [`/${container}`],
      State: 'running',
      Status: 'Up 2 hours (healthy)',
      Image: image,
      Labels: { 'com.docker.compose.service': service, 'clincher.part': part },
      Created: 1_000,
      ...edit(service),
    })),
  );

const only = (service: string, what: Record<string, unknown>) => (each: string) =>
  each === service ? what : {};

describe('stack.services', () => {
  const network = (subnet: string): string =>
    JSON.stringify({ Id: '0123456789abcdef', IPAM: { Config: [{ Subnet: subnet }] } });
  const started = (containers: string, newer = '', written = '', subnet = '172.16.253.0/28'): string[] =>
    changes('stack.services', { containers, newer, written, proxyNet: network(subnet) });

  it('has nothing to do where all five answer', () => expect(started(listed())).toEqual([]));
  it.each([
    ['litellm is unhealthy', only('litellm', { Status: 'Up 2 hours (unhealthy)' })],
    ['litellm is starting', only('litellm', { Status: 'Up 2 seconds (health: starting)' })],
    ['litellm is without a health check', only('litellm', { Status: 'Up 2 hours' })],
    ['litellm is exited', only('litellm', { State: 'exited', Status: 'Exited (1) 2 hours ago' })],
    [
      'openclaw goes from 2026.3.12 to 2026.3.13 in place; `clincher run upgrade` tries it on a copy first, and can go back',
      only('openclaw', { Image: 'ghcr.io/openclaw/openclaw:2026.3.12' }),
    ],
    [
      'openclaw runs another image',
      only('openclaw', { Image: `ghcr.io/openclaw/openclaw:2026.3.13@sha256:${'0'.repeat(64)}` }),
    ],
    ['openclaw runs with older files', only('openclaw', { Labels: { 'clincher.part': 'older' } })],
    ['redis is missing', only('redis', { Names: ['/somebody-else'] })],
  ])('starts them where %s', (reason, edit) =>
    expect(started(listed(edit))).toEqual([`start the services: ${reason}`]),
  );
  it('takes up files that are newer than its last start', () =>
    expect(started(listed(), './.env\n')).toEqual(['start the services: ./.env is newer']));
  it('makes the gateway anew for new secrets', () =>
    expect(started(listed(), '', '1001.25 secrets/openclaw/secrets.json\n')).toEqual([
      'start the services: openclaw began before its files were written',
    ]));
  it('makes those anew whose mounted file was put right after they began', () =>
    expect(
      started(listed(), '', '1001.25 config/smokescreen-acl.yaml\n1000.9 config/litellm-config.yaml\n'),
    ).toEqual(['start the services: openclaw-egress began before its files were written']));
  it.each([
    ['alone, before compose looks, which would take its dependents with it', ['openclaw-egress'], true],
    ['in compose’s own order where others are older too', ['openclaw-egress', 'litellm'], false],
  ])('makes whoever has an old list anew %s', (_, older, isAlone) => {
    const edit = (each: string) => (older.includes(each) ? { Labels: { 'clincher.part': 'older' } } : {});
    const facts = { containers: listed(edit), proxyNet: network('172.16.253.0/28') };
    const written = '1001.25 config/smokescreen-acl.yaml\n';
    const words = commands('stack.services', { ...facts, written, newer: './docker-compose.yml\n' });
    const forced = words.findIndex((each) => /(?<!--no-deps )--force-recreate openclaw-egress$/.test(each));
    expect(forced).toBe(isAlone ? 0 : -1);
    expect(words.filter((each) => each.includes('up -d'))).toHaveLength(isAlone ? 2 : 1);
  });
  it('a list that was put right is taken up by a restart, as compose sees nothing in it', () => {
    const facts = { containers: listed(), proxyNet: network('172.16.253.0/28'), newer: '' };
    const words = commands('stack.services', { ...facts, written: '1001.25 config/smokescreen-acl.yaml\n' });
    expect(words[0]).toMatch(/docker compose restart.* openclaw-egress$/s);
    expect(words[1]).toMatch(/docker compose up -d --wait.* openclaw-egress$/s);
    expect(words.join()).not.toContain('--force-recreate');
  });
  it('one that Docker starts over and over is started by hand first: compose gives up on it at once', () => {
    const loop = listed(only('openclaw-egress', { State: 'restarting', Status: 'Restarting (1) 3 s ago' }));
    const facts = { containers: loop, proxyNet: network('172.16.253.0/28'), newer: '' };
    const words = commands('stack.services', { ...facts, written: '1001.25 config/smokescreen-acl.yaml\n' });
    expect(words[0]).toMatch(/docker compose restart.* openclaw-egress$/s);
    expect(words.filter((each) => each.includes('compose restart'))).toHaveLength(1);
    expect(words[1]).toMatch(/docker compose up -d/);
  });
  it.each([
    ['1001.99', []],
    ['1003.2', ['start the services: openclaw-egress began before its files were written']],
  ])('a file of %s s, to whoever was told at 1002 s to read it', (file, expected) => {
    const stamp = '1002.0 /var/lib/clincher/read/openclaw-egress\n';
    expect(started(listed(), '', `${file} config/smokescreen-acl.yaml\n${stamp}`)).toEqual(expected);
  });
  it('moves the network of the reverse proxy, which compose would leave as it is', () =>
    expect(started(listed(), '', '', '172.30.44.0/28')).toEqual([
      'start the services: proxy-net moves from 172.30.44.0/28 to 172.16.253.0/28',
    ]));
  it('leaves the reverse proxy to who may start it', () =>
    expect(started(listed(only('caddy', { State: 'exited', Status: 'Exited (0)' })))).toEqual([]));
});

describe('stack.images', () => {
  const here = (name: Parameters<typeof pinned>[1]): string => pinned(want, name).replace(/:[^:/@]*@/, '@');
  const there = imagesNeeded(want).map(here);
  const pulls = (digests: readonly string[]): string[] =>
    changes('stack.images', {
      images: JSON.stringify(digests.map((digest) => ({ RepoDigests: [digest], RepoTags: null }))),
    });

  it('pulls nothing that is there by its digest', () => expect(pulls(there)).toEqual([]));
  it('pulls the one that is missing', () =>
    expect(pulls(there.slice(1))).toEqual([`pull ${pinned(want, 'openclaw')}`]));
});
