// Verdicts: what a tool says is told, and a tool that is not there has judged nothing. Tools are scripts of the test.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFiles, type FileCheck } from '../../src/render/check.js';
import { CHECKERS } from '../../src/render/checkers.js';
import { writeFolder } from '../../src/render/folder.js';
import { rendered } from '../../src/render/rendered.js';
import { folder as newFolder } from '../secrets/folder.js';
import { CASE_NAMES, CASES, type CaseName } from './servers.js';

const IMAGE = 'registry.example.com/openclaw:1@sha256:00';

/** A program that nobody may run; a folder of PATH that may not be looked into answers the same. */
const FORBIDDEN = 'forbidden';

async function checked(
  tools: Record<string, string>,
  { name = 'minimal', env = {} }: { name?: CaseName; env?: NodeJS.ProcessEnv } = {},
): Promise<(tool: string) => FileCheck | undefined> {
  const bin = join(newFolder(), 'bin');
  mkdirSync(bin);
  for (const [tool, text] of Object.entries({ sh: 'exec /bin/sh "$@"', ...tools })) {
    writeFileSync(join(bin, tool), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, tool), text === FORBIDDEN ? 0o644 : 0o755);
  }
  const folder = newFolder();
  const result = rendered(CASES[name].server, CASES[name].system);
  writeFolder({ rendered: result, folder, force: false, again: '' });
  const run = { env: { HOME: '/nonexistent', PATH: bin, ...env } };
  const checks = await checkFiles({ rendered: result, folder, image: IMAGE, ...run });
  return (tool) => checks.find((check) => check.tool === tool);
}

const OPENCLAW_SAID = JSON.stringify({
  valid: false,
  issues: [{ path: 'gateway.bind', message: 'must be one of loopback, lan' }],
});

describe('verdicts', () => {
  it('ok, and against which file what was said', async () => {
    const check = await checked(
      { caddy: 'echo "Error: $3: unrecognized directive: rot" >&2; exit 1' },
      { name: 'tunnel' },
    );
    expect(check('caddy')).toBeUndefined();
    const hostile = await checked(
      { caddy: 'echo "Error: $3:2: unrecognized directive: rot" >&2; exit 1', 'apt-config': '' },
      { name: 'hostile' },
    );
    expect(hostile('caddy')).toEqual({
      tool: 'caddy',
      files: ['/srv/open.claw-1/_x/Caddyfile'],
      verdict: 'fails',
      lines: ['Error: /srv/open.claw-1/_x/Caddyfile:2: unrecognized directive: rot'],
    });
    expect(hostile('apt-config')).toMatchObject({ verdict: 'ok', lines: [] });
  });

  it('a tool that is not here: how to get it; one that fails without a word still fails', async () => {
    const check = await checked({ 'apt-config': 'exit 3' });
    expect(check('smokescreen')).toMatchObject({
      verdict: 'not-checked',
      reason: 'smokescreen is not installed here: go install github.com/stripe/smokescreen@latest',
    });
    expect(check('apt-config')).toMatchObject({ verdict: 'fails', lines: ['exit 3'] });
    const forbidden = await checked({ 'apt-config': FORBIDDEN, docker: FORBIDDEN });
    expect(forbidden('docker compose')).toMatchObject({ verdict: 'not-checked' });
    expect(forbidden('apt-config')).toMatchObject({ verdict: 'not-checked' });
  });

  it.each([
    [
      'caddy',
      { caddy: 'echo "Error: authenticate is not a registered directive, at $3:8" >&2; exit 1' },
      'caddy-security',
    ],
    [
      'docker compose',
      { docker: `echo "docker: 'compose' is not a docker command." >&2; exit 1` },
      'no Compose v2',
    ],
    [
      'openclaw',
      { docker: 'echo "docker: Error response from daemon: No such image: x" >&2; exit 125' },
      `docker pull ${IMAGE}`,
    ],
    [
      'openclaw',
      { docker: 'echo "Cannot connect to the Docker daemon at unix:///x" >&2; exit 1' },
      'no Docker engine',
    ],
    [
      'iptables-restore',
      { 'iptables-restore': 'echo "Permission denied (you must be root)" >&2; exit 4' },
      'only root',
    ],
    ['dockerd', { dockerd: 'echo "unknown flag: --validate" >&2; exit 125' }, 'older than 23'],
  ] as const)('%s: what it says of this machine is no word against the file', async (tool, tools, reason) => {
    const check = await checked(tools, { name: 'full' });
    expect(check(tool)).toMatchObject({ verdict: 'not-checked', reason: expect.stringContaining(reason) });
  });

  it('one that runs on is ended once it has taken its file', async () => {
    const taken = await checked({ smokescreen: 'echo \'{"msg":"starting"}\' >&2; exec /bin/sleep 30' });
    expect(taken('smokescreen')).toMatchObject({ verdict: 'ok' });
    const refused = await checked({ smokescreen: 'echo "cannot unmarshal" >&2; exit 1' });
    expect(refused('smokescreen')).toMatchObject({ verdict: 'fails', lines: ['cannot unmarshal'] });
  });

  it('OpenClaw: each issue a line', async () => {
    const check = await checked({
      docker: `case $1 in run) echo 'plugins …'; echo '${OPENCLAW_SAID}'; exit 1 ;; esac`,
    });
    expect(check('openclaw')).toMatchObject({
      verdict: 'fails',
      lines: ['gateway.bind: must be one of loopback, lan'],
    });
  });

  it('what the shell holds does not reach a tool', async () => {
    const env = { REDIS_PASSWORD: 'canary-value', COMPOSE_FILE: '/elsewhere.yml' };
    const check = await checked({ docker: '/usr/bin/env; exit 1' }, { env });
    expect(check('docker compose')?.verdict).toBe('fails');
    expect(JSON.stringify(check('docker compose'))).not.toMatch(/canary-value|elsewhere/);
  });
});

it('a dashboard that is called openclaw.json is no configuration of OpenClaw', () => {
  const { server, system } = CASES['full'];
  const [any] = rendered(server, system).files;
  const judge = CHECKERS.find(({ tool }) => tool === 'openclaw')!;
  expect(judge.of({ ...any!, path: '/opt/openclaw/data/openclaw.json' }, server)).toBe(true);
  expect(judge.of({ ...any!, path: '/opt/monitoring/grafana/shown/openclaw.json' }, server)).toBe(false);
});

it('every checker says how to get its tool, and each judges some file', () => {
  const files = CASE_NAMES.flatMap((name) => rendered(CASES[name].server, CASES[name].system).files);
  for (const checker of CHECKERS) {
    expect(checker.get !== '' || checker.tool === 'node', checker.tool).toBe(true);
    const example = {
      ...files[0]!,
      path: { shellcheck: '/a.sh', promtool: '/prometheus.yml' }[checker.tool] ?? '',
    };
    const judges = [...files, example].some((file) =>
      CASE_NAMES.some((name) => checker.of(file, CASES[name].server)),
    );
    expect(judges, checker.tool).toBe(true);
  }
});
