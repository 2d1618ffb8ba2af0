// Every tool on the real thing: with sound files all are ok, and each finds what is broken in its own file, by name.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureDockerEngine } from '../../scripts/docker-engine.js';
import type { FileCheck } from '../../src/render/check.js';
import { CHECKERS } from '../../src/render/checkers.js';
import { writeFolder } from '../../src/render/folder.js';
import { type Rendered, rendered } from '../../src/render/rendered.js';
import { CASES, type CaseName } from '../render/servers.js';
import { openTools, type Tools } from '../render/tools.js';

interface Breakage {
  tool: string;
  /** Of the file. */
  path: RegExp;
  from: string | RegExp;
  to: string;
  /** What the tool says of it. */
  says: RegExp;
}

const broken = (tool: string, path: RegExp, from: string | RegExp, to: string, says: RegExp): Breakage => ({
  ...{ tool, path, from, to, says },
});

const EVERYWHERE: readonly Breakage[] = [
  broken('visudo', /sudoers\.d/, 'NOPASSWD: ALL', 'NOPASWD: ALL', /syntax error/),
  broken('ssh-keygen', /authorized_keys/, 'AAAAC3', 'AAAA!', /is not a public key file/),
  broken('sshd', /sshd_config\.d/, /MaxAuthTries 3/, 'MaxAuthTries three', /line \d+: .*integer value/),
  broken('systemd-analyze', /ssh\.socket\.d/, /ListenStream=\d/, 'ListenSteam=9', /Unknown key.*ListenSteam/),
  broken('apt-config', /apt\.conf\.d/, 'AutocleanInterval "7";', 'AutocleanInterval "7"', /Syntax error/),
  broken('apt-get', /clincher-compose\.sources|docker\.sources/, /URIs: .*\n/, '', /Malformed entry.*URI/),
  broken('fail2ban-client', /jail\.d/, '[sshd]', '[sshd', /Failed during configuration|parsing errors/),
  broken('iptables-restore', /after\.rules/, '-m conntrack', '-m contrack', /contrack/),
  broken('dockerd', /daemon\.json/, 'live-restore', 'live-restor', /live-restor/),
  broken('docker compose', /docker-compose\.yml/, 'cap_drop', 'cap_dorp', /cap_dorp/),
  broken('smokescreen', /smokescreen-acl/, 'services: []', 'services: {}', /cannot unmarshal/),
  broken('openclaw', /openclaw\.json/, /"bind": "\w+"/, '"bind": "everywhere"', /^gateway\.bind: /),
  broken('node', /secrets\.json/, /\n\}/, ',\n}', /SyntaxError/),
  broken('gofmt', /main\.go/, 'func main() {', 'func main( {', /main\.go:\d+:\d+: /),
];

const BREAKAGES = {
  full: [
    ...EVERYWHERE,
    broken('ip6tables-restore', /after6\.rules/, '-m conntrack', '-m contrack', /contrack/),
    broken('caddy', /Caddyfile/, 'reverse_proxy', 'revers_proxy', /unrecognized directive: revers_proxy/),
    broken('node', /docker-door\.mjs/, /$/, 'const = 1;', /SyntaxError/),
    broken('shellcheck', /\.sh$/, /$/, '\nif', /SC1\d{3}/),
    broken('promtool', /prometheus\.yml/, 'scrape_configs', 'scrape_config', /scrape_config not found/),
  ],
  hostile: [
    ...EVERYWHERE,
    broken('apt-cache', /preferences\.d/, /^Package: .*$/m, 'Packages: x', /Package/),
    broken('caddy', /Caddyfile/, 'tls internal', 'tls internall', /internal/),
  ],
} as const satisfies Partial<Record<CaseName, readonly Breakage[]>>;

/** Files of kinds that no step writes yet. */
const MORE = {
  '/opt/openclaw/monitoring/watch.sh': '#!/bin/sh\nexec cat "$1"\n',
  '/opt/openclaw/monitoring/prometheus.yml': 'scrape_configs: []\n',
};

function withMore(result: Rendered): Rendered {
  const more = Object.entries(MORE).map(([path, content]) => ({
    ...{ path, content, mode: '0644', owner: 'root', group: 'root', step: 'none' },
  }));
  return { ...result, files: [...result.files, ...more] };
}

let root = '';
let tools: Tools;
beforeAll(async () => {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  await ensureDockerEngine({ say });
  root = mkdtempSync(join(tmpdir(), 'clincher-rendered-'));
  tools = await openTools(root, say);
});
afterAll(async () => {
  await tools?.close();
  rmSync(root, { recursive: true, force: true });
});

async function judged(name: CaseName, breakages: readonly Breakage[]): Promise<FileCheck[]> {
  const { server, system } = CASES[name];
  const result = withMore(rendered(server, system));
  const folder = mkdtempSync(join(root, name));
  writeFolder({ rendered: result, folder, force: false, again: '' });
  for (const { path: pattern, from, to } of breakages) {
    const path = result.files.find((file) => pattern.test(file.path))?.path ?? '';
    const before = readFileSync(folder + path, 'utf8');
    expect(before, `${path} has nothing to break`).toMatch(from);
    writeFileSync(folder + path, before.replace(from, to), { mode: 0o600 });
  }
  return tools.check(result, folder);
}

describe.each(['full', 'hostile'] as const)('files of the server that is %s', (name) => {
  it('are ok to every tool', async () => {
    const checks = await judged(name, []);
    expect(checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  });

  it('are found out by their tool, each by name', async () => {
    const checks = await judged(name, BREAKAGES[name]);
    const missed = BREAKAGES[name].flatMap(({ tool, path, says }) => {
      const check = checks.find((each) => each.tool === tool && each.files.some((file) => path.test(file)));
      const isFound = check?.verdict === 'fails' && says.test(check.lines.join('\n'));
      return isFound ? [] : [{ tool, ...check }];
    });
    expect(missed).toEqual([]);
    // What was not broken is not blamed.
    expect(checks.filter(({ verdict }) => verdict === 'fails')).toHaveLength(BREAKAGES[name].length);
  });
});

it('no tool goes without a breakage', () => {
  const tried = new Set(Object.values(BREAKAGES).flatMap((all) => all.map(({ tool }) => tool)));
  expect(CHECKERS.map(({ tool }) => tool).filter((tool) => !tried.has(tool))).toEqual([]);
});

it('a disk that is full is said to be so, and what to do then', () => {
  const folder = mkdtempSync(join(root, 'full-'));
  const script = `mount -t tmpfs -o size=24k full "$1" && exec node --import tsx --input-type=module -e "$2"`;
  const program = `
    const { writeFolder } = await import('${new URL('../../src/render/folder.ts', import.meta.url)}');
    const { rendered } = await import('${new URL('../../src/render/rendered.ts', import.meta.url)}');
    const { CASES } = await import('${new URL('../render/servers.ts', import.meta.url)}');
    const folder = '${folder}/out';
    try { writeFolder({ rendered: rendered(CASES.full.server, 'debian13'), folder, force: false, again: 'AGAIN' }); }
    catch ({ code, message, remedy }) { console.log(JSON.stringify({ code, message, remedy })); }`;
  const own = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const seen = spawnSync('unshare', [...own, '--mount', 'sh', '-c', script, 'sh', folder, program], {
    encoding: 'utf8',
  });
  expect(JSON.parse(seen.stdout || `"${seen.stderr.slice(-300)}"`)).toMatchObject({
    code: 'FOLDER_UNUSABLE',
    message: expect.stringContaining('is on a disk that is full'),
    remedy: [`df -h ${folder}/out, make room, then: AGAIN`],
  });
});
