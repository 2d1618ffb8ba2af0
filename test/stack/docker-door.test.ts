// The door's file as text: that it is a program, and what it lets through by version of OpenClaw.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { dockerDoor, policy, SANDBOX_LIMITS, sandboxFolders } from '../../src/stack/docker-door.js';
import { server } from '../steps/fixture.js';
import { ATTACKS } from './door-attacks.js';

const of = (version: string) => {
  const { openclaw } = server().stack.images;
  return server({ stack: { images: { openclaw: { ...openclaw, version } } } });
};

describe('the Docker door', () => {
  it('is a program that Node can read', () => {
    const checked = spawnSync(process.execPath, ['--input-type=module', '--check'], {
      input: dockerDoor(server()),
    });
    expect(checked.stderr.toString()).toBe('');
    expect(checked.status).toBe(0);
  });

  it.each([
    ['2026.3.13', ['/opt/openclaw/sandbox/workspace:/workspace:ro']],
    ['2026.6.11', ['/opt/openclaw/sandbox/workspace:/workspace:ro,z']],
    [
      '2026.9.6',
      ['/opt/openclaw/sandbox/skills:/workspace/skills:ro,z', '/opt/openclaw/sandbox/workspace:/workspace:z'],
    ],
  ])('lets %s mount what it asks for', (version, binds) =>
    expect(policy(of(version)).host.Binds).toEqual(binds),
  );

  it('mounts no folder whose parent the gateway can write, or a link could lead anywhere', () => {
    const [workspace, skills] = sandboxFolders(of('2026.9.6'));
    expect(skills?.inGateway).toBe(`${workspace.inGateway}/skills`);
    expect(skills?.source.startsWith(`${workspace.source}/`)).toBe(false);
    expect(workspace.source.startsWith(`${server().stack.directory}/data/`)).toBe(false);
  });

  it('counts as Docker does what OpenClaw’s configuration says', () => {
    const { Memory, MemorySwap, NanoCpus } = policy(server()).host;
    expect(SANDBOX_LIMITS).toMatchObject({ memory: '1g', memorySwap: '1536m', cpus: 1 });
    expect({ Memory, MemorySwap, NanoCpus }).toEqual({
      Memory: 1_073_741_824,
      MemorySwap: 1_610_612_736,
      NanoCpus: 1_000_000_000,
    });
  });

  it('has attacks of different names', () =>
    expect(new Set(ATTACKS.map(({ does }) => does)).size).toBe(ATTACKS.length));
});
