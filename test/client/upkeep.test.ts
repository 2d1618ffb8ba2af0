// Runbooks that keep a server fit, as they are started: what each takes, and what is shown before the question.
import { expect, test } from 'vitest';
import { AT_TERMINAL, stage } from './stage.js';
import { converged, ended, planned, survey } from './states.js';

test('--anyway goes to reboot, and to nothing else', async () => {
  const { run, io, control } = stage({ states: { '*': [ended] } });
  expect(await run('run', 'reboot', '-s', 'prod', '--yes', '--anyway')).toBe(0);
  expect(control.asked('start')[0]?.[1]).toMatchObject({ anyway: true });
  expect(await run('run', 'backup', '-s', 'prod', '--yes', '--anyway')).toBe(2);
  expect(io.stderr()).toContain('--anyway is of reboot');
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
