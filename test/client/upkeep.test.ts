// Runbooks that keep a server fit, as they are started: what each takes, and what is shown before the question.
import { expect, test } from 'vitest';
import { AT_TERMINAL, stage } from './stage.js';
import { converged, ended } from './states.js';

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
