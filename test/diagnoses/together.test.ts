// What “all” stands for at the gate: the likeliest of each symptom, in as few runs as can be, and nothing that asks for more.
import { expect, it } from 'vitest';
import { converge, heal, indexMemory, makeRoom, provision } from '../../src/diagnoses/repairs.js';
import { together } from '../../src/diagnoses/together.js';
import type { Cause, Repair } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();

const cause = (id: string, row: string, repair?: (of: typeof server) => Repair): Cause => ({
  ...{ id, diagnosis: row, symptom: '', title: '', weight: 3, evidence: ['seen'] },
  ...{ repair: repair?.(server), changes: [], byHand: [] },
});

const told = (...causes: Cause[]) =>
  together(causes, server).map(({ causes: ids, repair }) => [ids, repair.runbook, repair.input]);

it('services are healed by one run, steps are repaired by one run, each step once', () => {
  const causes = [
    cause('list', 'egress', converge('stack.egress,stack.services')),
    cause('redis', 'redis', heal('redis')),
    cause('limit', 'oom', converge('stack.compose,stack.services')),
    cause('litellm', 'models', heal('litellm')),
  ];
  const steps = {
    ...{ only: 'stack.egress,stack.services,stack.compose', replaceEdited: true },
    isProvedLater: true,
  };
  expect(told(...causes)).toEqual([
    [['list', 'limit'], 'provision', steps],
    [['redis', 'litellm'], 'heal', { services: ['redis', 'litellm'] }],
  ]);
});

it('one repair is left as it is', () => {
  const repair = heal('redis')(server);
  expect(together([cause('redis', 'redis', heal('redis'))], server)).toEqual([{ causes: ['redis'], repair }]);
});

it('of one symptom only the likeliest: the others are other guesses at the same thing', () => {
  const files = cause('token-here', 'channel', converge('stack.secrets'));
  expect(told(files, cause('off', 'channel', converge('openclaw.config'))).map(([ids]) => ids)).toEqual([
    ['token-here'],
  ]);
  expect(told(cause('revoked', 'channel'), files)).toEqual([]);
});

it('what asks for more, or only a person can mend, is left out', () => {
  expect(told(cause('full', 'disk', makeRoom), cause('promised', 'swap'))).toEqual([]);
});

it('what opens a door keeps its proof, and other runbooks stay runs of their own', () => {
  const door = cause('files', 'door', provision('proxy.*'));
  const causes = [
    door,
    cause('list', 'egress', converge('stack.egress')),
    cause('index', 'memory', indexMemory),
  ];
  expect(told(...causes).map(([ids]) => ids)).toEqual([['files'], ['list'], ['index']]);
  expect(together([door], server)[0]?.repair.input.isProvedLater).toBeUndefined();
});
