// Runbooks that keep a server fit, as they are started: what each takes, and what is shown before the question.
import { expect, test } from 'vitest';
import { AT_TERMINAL, stage } from './stage.js';
import { converged, ended, planned, survey } from './states.js';

test('--anyway goes to reboot, and not to what needs no reason', async () => {
  const { run, io, control } = stage({ states: { '*': [ended] } });
  expect(await run('run', 'reboot', '-s', 'prod', '--yes', '--anyway')).toBe(0);
  expect(control.asked('start')[0]?.[1]).toMatchObject({ anyway: true });
  expect(await run('run', 'backup', '-s', 'prod', '--yes', '--anyway')).toBe(2);
  expect(io.stderr()).toContain('--anyway is of reboot, memory and failover');
});

test('and to memory', async () => {
  const { run, control } = stage({ states: { '*': [ended] } });
  expect(await run('run', 'memory', '-s', 'prod', '--yes', '--anyway')).toBe(0);
  expect(control.asked('start')[0]?.slice(0, 1)).toEqual(['memory']);
  expect(control.asked('start')[0]?.[1]).toMatchObject({ anyway: true });
});

test('a reboot is asked for by its name, with what it means for people', async () => {
  const { run, io, questions } = stage({
    ...{ io: AT_TERMINAL, answers: [false], looks: { plan: () => converged } },
  });
  expect(await run('run', 'reboot', '-s', 'prod')).toBe(6);
  expect(io.stderr()).toContain('people wait until the gateway is ready again');
  expect(questions).toEqual(['Run reboot on prod?']);
});

const removal = {
  ...planned,
  surveys: [
    {
      ...{ ...survey, checklist: 'prune', missingSecrets: [] },
      steps: [
        {
          ...survey.steps[0]!,
          ...{
            id: 'prune.images',
            title: 'Every image is used',
            guarded: false,
            notes: ['kept: the last good one'],
          },
          changes: [
            { what: 'remove image ghcr.io/openclaw/openclaw:2026.2.1 (2.4 GB)' },
            { what: 'remove image redis:7 (116 MB)' },
          ],
        },
      ],
    },
  ],
};

test('what would be removed is listed, each with its size, whoever asks', async () => {
  for (const words of [
    ['plan', 'prune', '-s', 'prod'],
    ['run', 'prune', '-s', 'prod', '--dry-run'],
  ]) {
    const { run, io } = stage({ looks: { plan: () => removal } });
    expect(await run(...words)).toBe(0);
    for (const { what } of removal.surveys[0]!.steps[0]!.changes) expect(io.stdout()).toContain(what);
    expect(io.stdout()).toContain('kept: the last good one');
  }
});

test('and before the question, which is one', async () => {
  const { run, io, questions } = stage({
    ...{ io: AT_TERMINAL, answers: [false], looks: { plan: () => removal } },
  });
  expect(await run('run', 'prune', '-s', 'prod')).toBe(6);
  expect(io.stderr()).toContain('remove image redis:7 (116 MB)');
  expect(questions).toEqual(['Apply to prod?']);
});

test('scan-images asks nothing, takes no lock, and is red where nobody could look', async () => {
  const check = {
    ...{ id: 'images.redis', title: 'No critical hole is known in redis:7', why: '', source: '' },
    ...{
      vantage: 'host' as const,
      verdict: 'unknown' as const,
      evidence: ['trivy is not on the server'],
      remedy: ['install it'],
    },
  };
  const proof = { checks: [check], outside: '', remoteMs: 0, remote: [], roundTrips: 1 };
  const { run, io, control, questions } = stage({ states: { '*': [{ ...ended, proof }] } });
  expect(await run('run', 'scan-images', '-s', 'prod')).toBe(1);
  expect(control.asked('start')[0]?.slice(0, 1)).toEqual(['scan-images']);
  expect(control.asked('start')[0]?.[2]).toEqual({ readOnly: true });
  expect(io.stdout()).toContain('trivy is not on the server');
  expect(questions).toEqual([]);
});

test('drift-report shows what differs and who lets it be; drift is what deals with it', async () => {
  const { run, io } = stage({ looks: { 'drift-report': () => removal } });
  expect(await run('run', 'drift-report', '-s', 'prod')).toBe(0);
  expect(io.stdout()).toContain('kept: the last good one');
  expect(io.stdout()).toContain('Apply: clincher run drift -s prod');
});

test('drift is told what to look at', async () => {
  const { run, control } = stage({ states: { '*': [ended] } });
  expect(await run('run', 'drift', '-s', 'prod', '--yes')).toBe(0);
  expect(control.asked('start')[0]?.[1]).toMatchObject({
    checklists: expect.arrayContaining(['base', 'services']),
  });
});
