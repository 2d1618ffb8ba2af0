// A partition is planned by the same functions as its server: what differs is its names and networks, its secrets and its channels.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Server } from '../../src/model.js';
import { rendered } from '../../src/render/rendered.js';
import { baseFile } from '../../src/stack/compose.js';
import { dotEnv, secretsJson } from '../../src/stack/env.js';
import { stackFiles } from '../../src/stack/files.js';
import { memoryNeeded } from '../../src/stack/limits.js';
import { wantedSettings } from '../../src/stack/openclaw-settings.js';
import {
  botsBesides,
  nameIn,
  neighboursOf,
  partitionOf,
  views,
  wordIn,
  workedOn,
} from '../../src/stack/partitions.js';
import { services } from '../../src/stack/services.js';
import { soul } from '../../src/stack/soul.js';
import { secretsIn } from '../../src/stack/tokens.js';
import { backupFiles } from '../../src/steps/backup-files.js';
import { openclawState } from '../../src/steps/openclaw-state.js';
import { partitioned } from '../fixture-partitions.js';
import { HOST } from '../steps/fixture.js';

const main = partitioned({ proxy: { kind: 'none' }, channels: { telegram: { enabled: true } } });
const team = partitionOf(main, 'team');

interface Compose {
  services: Record<string, Record<string, unknown>>;
  networks: Record<string, unknown>;
}

const composed = (server: Server): Compose => parse(baseFile(server), { version: '1.1' }) as Compose;

/** Without what a gateway is called and where it is: by which everything else is told apart. */
function unnamed({ services: all }: Compose): unknown {
  const plain = Object.entries(all).map(([name, service]) => {
    const { container_name: _, labels: __, networks, ...rest } = service;
    return [name, { ...rest, networks: Object.keys(networks as object).sort() }];
  });
  return Object.fromEntries(plain);
}

describe('the same walls', () => {
  it('every service is that of the server, word for word, but for its name and address', () =>
    expect(unnamed(composed(team))).toEqual(unnamed(composed(main))));
  it('each network is as closed as the server’s', () => {
    const closed = (server: Server) =>
      Object.entries(composed(server).networks).map(([name, own]) => [
        name,
        (own as { internal?: boolean } | null)?.internal ?? false,
      ]);
    expect(closed(team)).toEqual(closed(main));
  });
  it('OpenClaw is set in the same way', () => {
    const version = main.stack.images.openclaw.version;
    expect(wantedSettings(team, version)).toEqual(wantedSettings(main, version));
  });
  it('the same files, below its own folder, of the same modes and owners', () => {
    const of = (server: Server) =>
      stackFiles(server).map(({ path, mode, owner, group }) => ({
        ...{ path: path.replace(server.stack.directory, ''), mode, owner, group },
      }));
    expect(of(team)).toEqual(of(main));
    expect(team.stack.directory).toBe('/opt/openclaw/partitions/team');
  });
  it('the rules of the server stand in its SOUL.md too, and its own after them', () => {
    expect(soul(team)).toContain('Answer members of the team alone.');
    expect(soul(main)).not.toContain('Answer members of the team alone.');
    const kept = soul(team).replace(/\n## Rules of this deployment\n\n- Answer members.*\n/, '');
    expect(kept).toBe(soul(main));
  });
});

it('what a migration keeps for the way back lies beside the backups, where none of them has it and a prune finds it', () => {
  const newer = partitioned({ stack: { images: { openclaw: { version: '2026.9.6' } } } });
  const files = { files: ['agents/main/sessions/sessions.json'] };
  const of = (want: Server) => JSON.stringify(openclawState.plan(files, want, HOST));
  expect(of(newer)).toContain('"/opt/openclaw/monitoring/backups/state-before-2026.9.6"');
  expect(of(partitionOf(newer, 'team'))).toContain(
    '"/opt/openclaw/monitoring/backups/state-before-team-2026.9.6"',
  );
});

describe('nothing in common', () => {
  it('no container, network or project has one name twice', () => {
    const all = views(main).flatMap((view) => services(view).map(({ container }) => container));
    expect(all).toContain('openclaw-team-litellm');
    expect(new Set(all).size).toBe(all.length);
    expect(dotEnv(team)).toContain('COMPOSE_PROJECT_NAME=openclaw-team\n');
    expect(JSON.stringify(composed(team).networks)).toContain('172.16.253.16/28');
  });
  it('each is found by the same name in its own networks', () => {
    const { services: all } = composed(team);
    expect(all['litellm']?.['networks']).toEqual({ 'openclaw-net': { aliases: ['openclaw-litellm'] } });
    expect(all['openclaw']?.['networks']).toMatchObject({
      'proxy-net': { ipv4_address: '172.16.253.18', aliases: ['openclaw'] },
    });
  });
  it('no secret but those of its providers, whose account is the server’s', () => {
    const refs = (server: Server) => secretsIn([dotEnv(server), secretsJson(server)]);
    const common = refs(team).filter((ref) => refs(main).includes(ref));
    expect(common.every((ref) => ref.endsWith('_api_key'))).toBe(true);
    expect(refs(team)).toEqual(
      expect.arrayContaining([
        'secret://prod/team_gateway_token',
        'secret://prod/team_litellm_master_key',
        'secret://prod/team_redis_password',
        'secret://prod/team_telegram_bot_token',
      ]),
    );
  });
  it('it publishes nothing, has no proxy, no door for a monitor and no sandbox', () => {
    const exposed = partitioned({
      proxy: { kind: 'caddy', domain: 'claw.example.com' },
      openclaw: { sandbox: 'docker' },
      monitoring: { monitor: 'watch' },
    });
    const view = partitionOf(exposed, 'team');
    expect(services(view).map(({ service }) => service)).toEqual(
      services(team).map(({ service }) => service),
    );
    expect(baseFile(view)).not.toMatch(/ports:|DOCKER_HOST/);
  });
});

describe('each knows of the others', () => {
  it('their networks', () => {
    expect(neighboursOf(main)).toEqual(['172.16.253.16/28', '172.16.253.32/28']);
    expect(neighboursOf(team)).toEqual(['172.16.253.0/28', '172.16.253.32/28']);
  });
  it('their bots, and those of other servers', () => {
    const others = { ...main, bots: [{ holder: 'spare', token: 'secret://spare/telegram_bot_token' }] };
    const holders = (server: Server) => botsBesides(server).map(({ holder }) => holder);
    expect(holders(others)).toEqual(['spare', 'prod/team', 'prod/lab']);
    expect(holders(partitionOf(others, 'team'))).toEqual(['spare', 'prod', 'prod/lab']);
  });
  it('what all need together', () => {
    const alone = memoryNeeded({ ...main, partitions: {} });
    const host = 256 * 2 ** 20;
    expect(memoryNeeded(main) - host).toBe(3 * (alone - host));
  });
});

it('a backup has all of them: their folders are below the server’s, and their writers are paused too', () => {
  const conf = backupFiles(main).find(({ path }) => path === '/etc/clincher/backup.conf')?.content;
  expect(conf).toContain(
    'WRITERS="openclaw openclaw-redis openclaw-team openclaw-team-redis openclaw-lab openclaw-lab-redis"\n',
  );
  expect(team.stack.directory.startsWith(`${main.stack.directory}/`)).toBe(true);
});

it('a run that leaves partitions as they are proves itself alone, and leaves them their share', () => {
  const alone = { ...main, stack: { ...main.stack, is_alone: true } };
  expect(workedOn(alone)).toEqual([alone]);
  expect(workedOn(main)).toHaveLength(3);
  expect(memoryNeeded(alone)).toBe(memoryNeeded(main));
  expect(backupFiles(alone)).toEqual(backupFiles(main));
});

it('render has the files of each, below its own folder', () => {
  const { files, unplanned } = rendered(main, 'debian13');
  const compose = files.map(({ path }) => path).filter((path) => path.endsWith('/docker-compose.yml'));
  expect(compose).toEqual(
    ['', '/partitions/lab', '/partitions/team'].map((below) => `/opt/openclaw${below}/docker-compose.yml`),
  );
  expect(unplanned).toEqual([]);
});

it('a partition that nobody asked for is an error with what to type', () =>
  expect(() => partitionOf(main, 'nobody')).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_PARTITION' }) as Error,
  ));

it('names stand in commands as words of their own, and no other word is touched', () => {
  const said = ['docker', 'exec', 'openclaw', 'sh', '-c', 'exec openclaw "$@"', 'openclaw-net'];
  expect(said.map((word) => wordIn(team, word))).toEqual([
    ...['docker', 'exec', 'openclaw-team', 'sh', '-c', 'exec openclaw "$@"', 'openclaw-net'],
  ]);
  expect(said.map((word) => wordIn(main, word))).toEqual(said);
  expect(nameIn(team, 'openclaw-docker-proxy')).toBe('openclaw-team-docker-proxy');
});
