// `run upgrade --to`: clincher.yaml names the new version first, and no longer where it was not kept.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunState } from '../../src/model.js';
import { DEFAULTS } from '../config/fixture.js';
import { AT_TERMINAL, type Setting, stage } from './stage.js';
import { converged, ended, failed } from './states.js';

const CONFIG = `${DEFAULTS}servers:
  prod:
    address: 203.0.113.7
    stack:
      images:
        openclaw: { version: 2026.3.13 } # as measured
  guard: { address: 203.0.113.9, role: monitor }
`;
const YES = ['run', 'upgrade', '-s', 'prod', '--yes'];
/** Another tag of the same version: locked, so that nobody is asked for it. */
const TO = '2026.3.13';

const on = (setting: Setting = {}) => {
  const scene = stage({ config: CONFIG, ...setting });
  return { ...scene, file: () => readFileSync(join(scene.bench.cwd, 'clincher.yaml'), 'utf8') };
};
const OLDER = CONFIG.replace('2026.3.13', '2026.2.1');
const upgraded = (state: RunState, outcome: 'done' | 'begun' | 'rolled-back' | 'stuck'): RunState => ({
  ...state,
  upgrade: { image: 'openclaw', from: '2026.2.1', to: TO, outcome, downtimeMs: 8_140 },
});

describe('--to', () => {
  test('is written before the run begins, and stays where it was kept', async () => {
    const { run, io, file, control } = on({ config: OLDER, states: { '*': [upgraded(ended, 'done')] } });
    expect(await run(...YES, '--to', TO)).toBe(0);
    expect(file()).toBe(CONFIG);
    expect(io.stderr()).toContain('servers.prod.stack.images.openclaw.version is 2026.3.13 now');
    expect(io.stderr()).toContain('openclaw 2026.2.1 → 2026.3.13; the gateway did not answer for 8.1 s');
    expect(control.asked('start')[0]?.[1]).toMatchObject({
      server: { stack: { images: { openclaw: { version: TO } } } },
    });
  });

  test.each(['begun', 'rolled-back'] as const)('%s: it is taken out again', async (outcome) => {
    const { run, io, file } = on({ config: OLDER, states: { '*': [upgraded(failed, outcome)] } });
    expect(await run(...YES, '--to', TO)).toBe(1);
    expect(file()).toBe(OLDER);
    expect(io.stderr()).toContain('is 2026.2.1 again');
  });

  test('stuck: nobody knows which runs, so nothing is taken out', async () => {
    const { run, file } = on({ config: OLDER, states: { '*': [upgraded(failed, 'stuck')] } });
    await run(...YES, '--to', TO);
    expect(file()).toBe(CONFIG);
  });

  test('declined: as if nothing had been asked', async () => {
    const { run, file } = on({
      ...{ config: OLDER, states: { '*': [converged] }, io: AT_TERMINAL, answers: [false] },
    });
    expect(await run('run', 'upgrade', '-s', 'prod', '--to', TO)).toBe(6);
    expect(file()).toBe(OLDER);
  });

  test('left alone: it stays, and the run goes on', async () => {
    const { run, file } = on({ config: OLDER });
    expect(await run(...YES, '--to', TO, '--detach')).toBe(8);
    expect(file()).toBe(CONFIG);
  });

  test('--dry-run shows the plan for it, and leaves the file alone', async () => {
    const { run, file, control } = on({ config: OLDER, states: { '*': [converged] } });
    expect(await run('run', 'upgrade', '-s', 'prod', '--to', TO, '--dry-run')).toBe(0);
    expect(file()).toBe(OLDER);
    expect(JSON.stringify(control.calls)).toContain(`"version":"${TO}"`);
  });
});

describe('what cannot be meant', () => {
  test.each<[string, string[], string]>([
    ['no tag', ['--to', 'new est'], '"new est" is no tag'],
    ['no version of OpenClaw', ['--to', 'latest'], 'latest'],
    ['no image of this server', ['--image', 'nginx'], 'runs no image "nginx"'],
    ['one that is built there', ['--image', 'egress'], 'runs no image "egress"'],
    ['a part of it', ['--to', TO, '--only', 'stack.*'], 'neither --only nor --from'],
  ])('%s', async (_, words, said) => {
    const { run, io, file, opened } = on();
    expect(await run(...YES, ...words)).toBe(2);
    expect(io.stderr()).toContain(said);
    expect([file(), opened()]).toEqual([CONFIG, 0]);
  });

  test('of another runbook', async () => {
    const { run, io } = on();
    expect(await run('run', 'harden', '-s', 'prod', '--yes', '--to', TO)).toBe(2);
    expect(io.stderr()).toContain('--image and --to are of upgrade');
  });

  test('a server without a gateway', async () => {
    const { run, io } = on();
    expect(await run('run', 'upgrade', '-s', 'guard', '--yes', '--to', TO)).toBe(2);
    expect(io.stderr()).toContain('guard runs no');
  });
});
