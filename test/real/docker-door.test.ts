// The Docker door before a real engine: what OpenClaw's sandbox needs works; each attack works on the socket, and not here.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ensureDockerEngine } from '../../scripts/docker-engine.js';
import { run } from '../../scripts/run.js';
import { doorText, policy } from '../../src/stack/docker-door.js';
import { ensureBase, slimPackages } from '../lab/base.js';
import { docker, tryDocker } from '../lab/docker.js';
import { ATTACKS, type Attack, http, type Scene } from '../stack/door-attacks.js';
import { server } from '../steps/fixture.js';

const id = randomBytes(4).toString('hex');
const folder = mkdtempSync(join(tmpdir(), 'docker-door-'));
const port = 20_000 + (process.pid % 20_000);
const scene: Scene = {
  image: '',
  sandbox: `openclaw-sbx-${id}`,
  victim: `door-victim-${id}`,
  victimExec: '',
  create: { HostConfig: { Binds: [] } },
  exec: {},
};
let door: ChildProcess;

beforeAll(async () => {
  const say = (line: string): boolean => process.stderr.write(`${line}\n`);
  await ensureDockerEngine({ say });
  scene.image = await ensureBase('trixie', say, slimPackages);
  await docker(['run', '-d', '--name', scene.victim, '-e', 'KEY=secret', scene.image, 'sleep', 'infinity']);
  await openDoor();
});

afterAll(async () => {
  door?.kill();
  await clear();
  await tryDocker(['rm', '-fv', scene.victim]);
  await tryDocker(['image', 'rm', '-f', `${scene.victim}-stolen`, `${scene.victim}-tag`]);
  await tryDocker(['volume', 'rm', '-f', `${scene.victim}-root`]);
  await tryDocker(['network', 'rm', `${scene.victim}-net`]);
  rmSync(folder, { recursive: true, force: true });
});

/** As the newest OpenClaw has it; the older one's body is tried where bodies are. */
function rules(version = '2026.9.6') {
  const [repository = '', tag = ''] = scene.image.split(':');
  const images = { sandbox: { repository, version: tag }, openclaw: { repository: 'openclaw', version } };
  const want = server({ stack: { directory: folder, images } });
  return { ...policy(want), name: scene.sandbox };
}

async function openDoor(): Promise<void> {
  for (const each of ['workspace/skills', 'skills'])
    mkdirSync(`${folder}/sandbox/${each}`, { recursive: true });
  const file = `${folder}/door.mjs`;
  writeFileSync(file, doorText(rules()));
  const env = { ...process.env, DOCKER_SOCKET: engineSocket(), DOOR_PORT: String(port) };
  door = spawn(process.execPath, [file], { env, stdio: 'ignore' });
  for (let i = 0; i < 100 && !(await wire(port, http('GET', '/_ping')).catch(() => [])).length; i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  scene.create = { ...asOpenclaw() };
  scene.exec = { Cmd: ['true'], AttachStdout: true, AttachStderr: true };
}

const engineSocket = (): string => (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').slice(7);

/** Docker's own client fills in some sixty empty keys; `docker create` below sends those. */
function asOpenclaw(): Scene['create'] {
  const { container, host } = rules();
  const Labels = { 'openclaw.sandbox': '1', 'openclaw.sessionKey': 'shared' };
  return {
    ...container,
    AttachStdout: true,
    Env: ['LANG=C.UTF-8'],
    Labels,
    HostConfig: { ...host, Init: true },
  };
}

/** Statuses of the answers to these bytes, until they are enough or no more can come. */
function wire(to: number | string, bytes: string, enough: (statuses: number[]) => boolean = isAnswered) {
  return new Promise<number[]>((resolve, reject) => {
    const socket = typeof to === 'string' ? connect({ path: to }) : connect(to, '127.0.0.1');
    let text = '';
    const statuses = (): number[] =>
      [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, each]) => Number(each));
    const done = (): void => {
      socket.destroy();
      resolve(statuses());
    };
    socket.on('data', (part) => {
      text += part.toString('latin1');
      if (enough(statuses())) done();
    });
    socket.setTimeout(20_000, done);
    socket.on('close', done);
    socket.on('error', (error) => (text === '' ? reject(error) : done()));
    socket.write(bytes, 'utf8');
  });
}

const isAnswered = (statuses: number[]): boolean => statuses.length > 0;

const isThere = async (name: string): Promise<boolean> =>
  (await tryDocker(['container', 'inspect', name])).code === 0;

const clear = () => tryDocker(['rm', '-fv', scene.sandbox, `${scene.sandbox}-x`]);

/** Through the door, with Docker's own client, as OpenClaw calls it. */
const client = (args: readonly string[], input = '') =>
  run('docker', args, { env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` }, input, timeoutMs: 60_000 });

function createWords(): string[] {
  const { host, container } = rules();
  return [
    ...['create', '--name', scene.sandbox, '--init', '--label', 'openclaw.sandbox=1', '--read-only'],
    ...[
      '--tmpfs',
      '/tmp',
      '--tmpfs',
      '/var/tmp',
      '--tmpfs',
      '/run',
      '--network',
      'none',
      '--user',
      container.User,
    ],
    ...[
      '--env',
      'LANG=C.UTF-8',
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges',
      '--pids-limit',
      '512',
    ],
    ...['--memory', '1g', '--memory-swap', '1536m', '--cpus', '1', '--ulimit', 'nofile=1024:2048'],
    ...[
      '--workdir',
      '/workspace',
      ...host.Binds.flatMap((bind) => ['-v', bind]),
      scene.image,
      'sleep',
      'infinity',
    ],
  ];
}

describe('what the sandbox needs', () => {
  afterAll(clear);

  test('is made, started, used and removed', async () => {
    expect(await client(['image', 'inspect', '-f', 'there', scene.image])).toMatchObject({
      stdout: 'there\n',
    });
    expect(await client(['inspect', scene.sandbox])).toMatchObject({ code: 1 });
    expect(await client(createWords())).toMatchObject({ code: 0 });
    expect(await client(['start', scene.sandbox])).toMatchObject({ code: 0 });
    const state = await client([
      'inspect',
      '-f',
      '{{.State.Running}} {{.HostConfig.NetworkMode}}',
      scene.sandbox,
    ]);
    expect(state.stdout).toBe('true none\n');
    const cat = [
      'exec',
      '-i',
      scene.sandbox,
      'sh',
      '-c',
      'cat; id -u; grep CapBnd /proc/self/status; exit 7',
    ];
    const said = await client(cat, 'piped\n');
    expect(said).toMatchObject({ code: 7, stdout: 'piped\n1000\nCapBnd:\t0000000000000000\n' });
    expect(await client(['rm', '-f', scene.sandbox])).toMatchObject({ code: 0 });
    expect(await isThere(scene.sandbox)).toBe(false);
  });

  test('carries a megabyte in and out', async () => {
    expect(await client(createWords())).toMatchObject({ code: 0, stderr: '' });
    await client(['start', scene.sandbox]);
    const text = randomBytes(500_000).toString('hex');
    expect((await client(['exec', '-i', scene.sandbox, 'cat'], text)).stdout).toBe(text);
  });

  test('is what the door makes, whatever was left out', async () => {
    await clear();
    const { HostConfig: _, ...bare } = scene.create;
    expect(
      await wire(port, http('POST', `/containers/create?name=${scene.sandbox}`, JSON.stringify(bare))),
    ).toEqual([201]);
    const [{ HostConfig, Mounts }] = JSON.parse(await docker(['inspect', scene.sandbox]));
    expect(Mounts).toHaveLength(2);
    expect(HostConfig).toMatchObject({
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      Privileged: false,
    });
  });
});

describe('attacks', () => {
  afterEach(clear);
  test('stands when bytes for a second request wait behind a command that Docker does not start', async () => {
    await ready({ does: '', request: () => '', running: true });
    const smuggled = http('POST', `/containers/create?name=${scene.victim}-2`, JSON.stringify(scene.create));
    const body = '{"Detach":false,"Tty":false}';
    const start = http('POST', `/exec/${'0'.repeat(64)}/start`, body, [
      'Connection: Upgrade',
      'Upgrade: tcp',
    ]);
    expect(await wire(port, start + smuggled)).toEqual([403]);
    expect(await isThere(`${scene.victim}-2`)).toBe(false);
  });

  test.each(ATTACKS.map((attack) => [attack.does, attack] as const))('%s', async (_, attack) => {
    await ready(attack);
    const refused = await wire(port, attack.request(scene), (all) => all.includes(403));
    expect(refused, 'through the door').toContain(403);
    if (!attack.running) expect(await isThere(scene.sandbox), 'made through the door').toBe(false);
    const { works = [201] } = attack;
    const bare = await wire(engineSocket(), attack.request(scene), (all) => works.includes(all.at(-1) ?? 0));
    expect(works, 'on the bare socket').toContain(bare.at(-1));
  });
});

/** The sandbox where the attack needs one, and a command in the victim that nobody has started. */
async function ready({ running }: Attack): Promise<void> {
  await clear();
  if (!running) return;
  if (!(await isThere(scene.victim))) throw new Error('an earlier attack has ended the victim');
  for (const words of [createWords(), ['start', scene.sandbox]]) await docker(words);
  await tryDocker(['unpause', scene.victim]);
  await tryDocker(['start', scene.victim]);
  scene.victimExec = await prepareInVictim();
}

function prepareInVictim(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: engineSocket() });
    const body = JSON.stringify({ Cmd: ['true'] });
    socket.on('error', reject);
    socket.on('data', (part) => {
      const [, found] = /"Id":"([0-9a-f]{64})"/.exec(part.toString()) ?? [];
      if (found) resolve(found);
      socket.destroy();
    });
    socket.write(http('POST', `/containers/${scene.victim}/exec`, body));
  });
}
