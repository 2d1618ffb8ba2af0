import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { LOCK_NAME } from '../../src/config/lock.js';
import { ensureLocked } from '../../src/images/ensure-locked.js';
import { configAt, fill, IMAGES } from '../images/config.js';
import { deafHost, index, type Rules, registryServer } from '../images/registry-server.js';
import { errorOf } from '../secrets/folder.js';
import { type Stage, stage } from './stage.js';

const lockOf = ({ bench }: Stage): string => readFileSync(join(bench.cwd, LOCK_NAME), 'utf8');
const isThere = ({ bench }: Stage): boolean => existsSync(join(bench.cwd, LOCK_NAME));
const rewrite = ({ bench }: Stage, text: string): void =>
  writeFileSync(join(bench.cwd, 'clincher.yaml'), text);

async function shop(rules: Rules = {}) {
  const registry = await registryServer(rules);
  const digests = fill(registry);
  const there = stage({ config: configAt(registry.host), isLocked: false });
  const document = async (...argv: string[]) => {
    const before = there.io.stdout().length;
    const code = await there.run(...argv, '--json');
    return { code, doc: JSON.parse(there.io.stdout().slice(before)) };
  };
  return {
    ...there,
    there,
    registry,
    digests,
    document,
    key: (name: keyof typeof IMAGES) => `${registry.host}/${IMAGES[name].join(':')}`,
  };
}

/** A program of this name on the stage's PATH, and nothing else but the shell's own. */
function install({ bench }: Stage, name: string, script: string): void {
  const bin = join(bench.home, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  bench.io.env['PATH'] = `${bin}:${bench.io.env['PATH']}`;
}

describe('images lock', () => {
  test('what is missing is resolved, in a fixed order; a second time nothing is asked or written', async () => {
    const { run, there, registry, digests, io } = await shop({ auth: 'token' });
    expect(await run('images', 'lock')).toBe(0);
    expect(io.stdout()).toContain(`4 locked in ${LOCK_NAME}`);
    const text = lockOf(there);
    expect(
      text,
    ).toBe(`# The exact contents behind each image tag, for all servers. Written by \`clincher images lock\`; keep it in
# version control. \`clincher images lock --upgrade\` takes what the tags mean today.
version: 1
images:
${(['litellm', 'openclaw', 'redis', 'docker-socket-proxy'] as const)
  .map(
    (name) => `  ${registry.host}/${IMAGES[name].join(':')}:
    digest: ${digests[name]}
    resolved: 2026-11-22T12:01:00Z
    platforms:
      - linux/amd64
      - linux/arm64/v8
`,
  )
  .join('')}`);
    expect(statSync(join(there.bench.cwd, LOCK_NAME)).mode & 0o777).toBe(0o644);
    const asked = registry.requests.length;
    there.advance(60_000);
    expect(await run('images', 'lock')).toBe(0);
    expect([registry.requests.length, lockOf(there)]).toEqual([asked, text]);
  });

  test('the servers of the configuration have the digests', async () => {
    const { run, there, digests } = await shop();
    expect(loadConfig(undefined, there.io).servers['prod']?.digests).toEqual({});
    await run('images', 'lock');
    for (const { digests: found } of Object.values(loadConfig(undefined, there.io).servers))
      expect(found).toEqual(digests);
  });

  test('--upgrade: old and new; without it a moved tag changes nothing', async () => {
    const { run, registry, digests, document, io, key, there } = await shop();
    await run('images', 'lock');
    const text = lockOf(there);
    const moved = registry.push('redis/redis-stack-server', '7.4.0-v3', index('moved'));
    expect(
      (await document('images', 'lock')).doc.images.map((one: { action: string }) => one.action),
    ).toEqual(['kept', 'kept', 'kept', 'kept']);
    expect(lockOf(there)).toBe(text);
    const { code, doc } = await document('images', 'lock', '--upgrade');
    expect(code).toBe(0);
    expect(doc.images).toContainEqual({
      image: key('redis'),
      action: 'changed',
      previous: digests.redis,
      digest: moved,
      platforms: ['linux/amd64', 'linux/arm64/v8'],
    });
    registry.push('redis/redis-stack-server', '7.4.0-v3', index('again'));
    await run('images', 'lock', '--upgrade');
    expect(io.stdout()).toMatch(new RegExp(`changed +${moved.slice(0, 19)} →\\s+sha256:`));
  });

  test('all failures at once, each with its place; nothing is written', async () => {
    const { run, there, registry, io } = await shop();
    const deaf = await deafHost();
    const text = configAt(registry.host, { openclaw: '2026.3.99', redis: '8.0.0' });
    rewrite(there, text.replace(`${registry.host}/tecnativa`, `${deaf}/tecnativa`));
    expect(await run('images', 'lock')).toBe(2);
    expect(io.stderr()).toContain('3 images cannot be pinned:');
    expect(io.stderr()).toContain(
      `clincher.yaml:12:18 defaults.stack.images.openclaw.version: ${registry.host} has no tag 2026.3.99 of openclaw/openclaw`,
    );
    expect(io.stderr()).toMatch(/clincher\.yaml:18:18 .*redis\.version: .* has no tag 8\.0\.0/);
    expect(io.stderr()).toMatch(
      /clincher\.yaml:20:21 .*docker-socket-proxy\.repository: .*no answer \(ECONNREFUSED\)/,
    );
    expect(io.stderr()).toContain('IMAGE_NOT_FOUND');
    expect(isThere(there)).toBe(false);
  });

  test('a registry that is down: nothing is written, exit 1', async () => {
    const { run, there, io } = await shop({ badDays: Array.from({ length: 12 }, () => ({ status: 503 })) });
    expect(await run('images', 'lock')).toBe(1);
    expect(io.stderr()).toContain('REGISTRY_UNREACHABLE');
    expect(isThere(there)).toBe(false);
  });

  test('a tag that clincher chose itself is said to be so, at the server', async () => {
    const { run, there, io, registry } = await shop();
    rewrite(there, configAt(registry.host).replace(/ +version: 2026\.3\.13\n/, ''));
    registry.untag('openclaw/openclaw', '2026.3.13');
    expect(await run('images', 'lock')).toBe(2);
    expect(io.stderr()).toContain('has no tag 2026.3.13 of openclaw/openclaw (a default of clincher)');
  });

  test('a digest in clincher.yaml wins, if the registry has it', async () => {
    const { run, there, registry, document, io, digests, key } = await shop();
    await run('images', 'lock');
    const other = registry.push('openclaw/openclaw', 'other', index('other'));
    rewrite(there, configAt(registry.host, { openclaw: `2026.3.13@${other}` }));
    expect(loadConfig(undefined, there.io).servers['prod']?.digests.openclaw).toBe(other);
    expect((await document('images', 'check')).doc.images).toContainEqual(
      expect.objectContaining({ image: key('openclaw'), state: 'stale', digest: digests.openclaw }),
    );
    expect(await run('images', 'lock')).toBe(0);
    expect(lockOf(there)).toContain(other);
    rewrite(there, configAt(registry.host, { openclaw: `2026.3.13@sha256:${'0'.repeat(64)}` }));
    expect(await run('images', 'lock')).toBe(2);
    expect(io.stderr()).toContain(`has no digest sha256:${'0'.repeat(64)} of openclaw/openclaw`);
  });

  test('what no server needs is dropped, unless only some servers were asked for', async () => {
    const { run, there, registry, io, key } = await shop();
    await run('images', 'lock');
    const newer = configAt(registry.host, { redis: 'v9' });
    registry.push('redis/redis-stack-server', 'v9', index('nine'));
    rewrite(there, newer);
    expect(await run('images', 'lock', '-s', 'prod')).toBe(0);
    expect(lockOf(there)).toContain(key('redis'));
    expect(await run('images', 'lock')).toBe(0);
    expect(io.stdout()).toContain(`dropped ${key('redis')}: no server needs it`);
    expect(lockOf(there)).not.toContain(key('redis'));
  });

  test('a lock file that is damaged is a mistake with its place', async () => {
    const { run, there, io } = await shop();
    writeFileSync(join(there.bench.cwd, LOCK_NAME), 'version: 1\nimages:\n  a:b:\n    digest: sha256:12\n');
    expect(await run('config', 'check')).toBe(2);
    expect(io.stderr()).toMatch(/clincher\.lock\.yaml:4:13 images\.a:b\.digest: is not a digest/);
  });
});

describe('images check', () => {
  test('all is well', async () => {
    const { run, io } = await shop({ auth: 'token' });
    await run('images', 'lock');
    expect(await run('images', 'check')).toBe(0);
    expect(io.stdout()).toMatch(/✓ .*openclaw:2026\.3\.13 +ok +sha256:[0-9a-f]{12}\n/);
  });

  test('a moved tag is told and is no fault; contents that are gone are one', async () => {
    const { run, registry, digests, document, key } = await shop();
    await run('images', 'lock');
    const moved = registry.push('redis/redis-stack-server', '7.4.0-v3', index('moved'));
    const seen = await document('images', 'check');
    expect(seen.code).toBe(0);
    expect(seen.doc.images).toContainEqual({
      image: key('redis'),
      state: 'moved',
      servers: ['prod', 'spare'],
      digest: digests.redis,
      tagDigest: moved,
    });
    registry.remove('redis/redis-stack-server', digests.redis);
    const gone = await document('images', 'check');
    expect([gone.code, gone.doc.ok]).toEqual([3, false]);
    expect(gone.doc.images).toContainEqual(expect.objectContaining({ image: key('redis'), state: 'gone' }));
  });

  test('not locked: exit 3; a registry that is down: unknown, exit 1', async () => {
    const { run, there, registry, document, digests } = await shop();
    const nothing = await document('images', 'check', '-s', 'spare');
    expect(nothing.code).toBe(3);
    expect(new Set(nothing.doc.images.map((one: { state: string }) => one.state))).toEqual(
      new Set(['not-locked']),
    );
    await run('images', 'lock');
    const deaf = await deafHost();
    rewrite(there, configAt(deaf));
    writeFileSync(join(there.bench.cwd, LOCK_NAME), lockOf(there).replaceAll(registry.host, deaf));
    const down = await document('images', 'check');
    expect(down.code).toBe(1);
    expect(down.doc.images[0]).toMatchObject({
      state: 'unknown',
      reason: `${deaf}: no answer (ECONNREFUSED).`,
      digest: digests.litellm,
    });
  });

  test('--scan without a scanner says so, and is not green', async () => {
    const { run, io } = await shop();
    await run('images', 'lock');
    expect(await run('images', 'check', '--scan')).toBe(1);
    expect(io.stderr()).toContain('Nothing was scanned: trivy is not installed');
  });
});

describe('images sbom', () => {
  test('without syft: which command installs it', async () => {
    const { run, io } = await shop();
    expect(await run('images', 'sbom')).toBe(2);
    expect(await run('images', 'sbom', '--out', 'sbom')).toBe(2);
    expect(io.stderr()).toContain('IMAGE_NOT_LOCKED');
    await run('images', 'lock');
    expect(await run('images', 'sbom', '--out', 'sbom')).toBe(1);
    expect(io.stderr()).toContain('go install github.com/anchore/syft');
  });

  test('with a syft: every locked image by its digest', async () => {
    const { run, there, document, digests, registry } = await shop();
    install(there, 'syft', 'echo "$2" > "${4#spdx-json=}"');
    await run('images', 'lock');
    const { code, doc } = await document('images', 'sbom', '--out', 'sbom');
    expect([code, doc.sboms.length]).toEqual([0, 4]);
    const redis = doc.sboms.find((one: { digest: string }) => one.digest === digests.redis);
    expect(readFileSync(redis.path, 'utf8')).toBe(
      `registry:${registry.host}/redis/redis-stack-server@${digests.redis}\n`,
    );
  });
});

describe('before a run', () => {
  test('run provision: an image that does not exist stops it before the engine is reached for', async () => {
    const { run, there, registry, io, opened } = await shop();
    registry.untag('redis/redis-stack-server', '7.4.0-v3');
    expect(await run('run', 'provision', '-s', 'prod', '--yes')).toBe(2);
    expect([opened(), isThere(there)]).toEqual([0, false]);
    expect(io.stderr()).toMatch(/clincher\.yaml:18:18 .* has no tag 7\.4\.0-v3/);
  });

  test('run provision: the run gets the digests', async () => {
    const { run, there, digests, io, control } = await shop();
    await run('run', 'provision', '-s', 'prod', '--yes');
    expect(io.stderr()).toContain('Locked 4 images into clincher.lock.yaml');
    expect(isThere(there)).toBe(true);
    expect(control.asked('start')[0]?.[1]).toMatchObject({ server: { name: 'prod', digests } });
  });

  const servers = (there: Stage) => {
    const config = loadConfig(undefined, there.io);
    return { config, servers: Object.values(config.servers) };
  };

  test('what is missing is locked, with one line; then nothing is asked any more', async () => {
    const { there, registry, digests, io } = await shop();
    const given = servers(there);
    const { config, servers: locked } = await ensureLocked(io, given.config, given.servers);
    expect(io.stderr()).toBe('Locked 4 images into clincher.lock.yaml\n');
    expect(locked.map((one) => one.digests)).toEqual([digests, digests]);
    const asked = registry.requests.length;
    await ensureLocked(io, config, given.servers);
    expect([registry.requests.length, io.stderr()]).toEqual([
      asked,
      'Locked 4 images into clincher.lock.yaml\n',
    ]);
  });

  test('a digest in clincher.yaml that is not the locked one stops it', async () => {
    const { there, run, registry, io } = await shop();
    await run('images', 'lock');
    rewrite(there, configAt(registry.host, { openclaw: `2026.3.13@sha256:${'1'.repeat(64)}` }));
    const given = servers(there);
    const error = await errorOf(ensureLocked(io, given.config, given.servers));
    expect(error).toMatchObject({ code: 'LOCK_STALE', exitCode: 2, remedy: ['clincher images lock'] });
    expect(error.message).toMatch(/^clincher\.yaml:12:18 .*is locked as sha256:/);
  });

  test('a tag that does not exist stops it, with its line', async () => {
    const { there, registry, io } = await shop();
    rewrite(there, configAt(registry.host, { litellm: 'main-v9' }));
    const given = servers(there);
    const error = await errorOf(ensureLocked(io, given.config, given.servers));
    expect(error.message).toMatch(/^clincher\.yaml:15:18 .*has no tag main-v9 of berriai\/litellm/);
    expect(isThere(there)).toBe(false);
  });
});

describe('before a look', () => {
  test('the first plan works: with the digests that a run would lock, and nothing is written', async () => {
    const { run, there, digests, io, control } = await shop();
    await run('plan', '-s', 'prod');
    expect(control.asked('start')[0]?.[1]).toMatchObject({ server: { name: 'prod', digests } });
    expect(io.stderr()).toContain('Not locked yet: 4 images; planned with what the tags mean now');
    expect(isThere(there)).toBe(false);
  });

  test('what is locked is planned, however the tag has moved, and no registry is asked', async () => {
    const { run, registry, digests, io, control } = await shop();
    await run('images', 'lock');
    registry.push('redis/redis-stack-server', '7.4.0-v3', index('moved'));
    const asked = registry.requests.length;
    await run('plan', '-s', 'prod');
    expect(control.asked('start')[0]?.[1]).toMatchObject({ server: { digests } });
    expect([registry.requests.length, io.stderr()]).toEqual([asked, '']);
  });

  test('a plan of an image that does not exist stops as a run would: its line, nothing contacted', async () => {
    const { run, registry, io, opened } = await shop();
    registry.untag('redis/redis-stack-server', '7.4.0-v3');
    expect(await run('plan', '-s', 'prod')).toBe(2);
    expect(opened()).toBe(0);
    expect(io.stderr()).toMatch(/clincher\.yaml:18:18 .* has no tag 7\.4\.0-v3/);
  });

  test('a plan of what needs no image asks no registry', async () => {
    const { run, registry, control } = await shop();
    await run('plan', 'harden', '-s', 'prod');
    expect([control.asked('start').length, registry.requests.length]).toEqual([1, 0]);
  });

  test('verify proves locked contents: without a lock it says what to type, and contacts nothing', async () => {
    const { run, registry, io, opened } = await shop();
    expect(await run('verify', '-s', 'prod')).toBe(2);
    expect([opened(), registry.requests.length]).toEqual([0, 0]);
    expect(io.stderr()).toMatch(/Not in clincher\.lock\.yaml yet: .*openclaw:2026\.3\.13/);
    expect(io.stderr()).toContain('fix   clincher images lock');
    await run('images', 'lock');
    await run('verify', '-s', 'prod');
    expect(opened()).toBe(1);
  });
});
