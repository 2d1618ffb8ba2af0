// What a drill of a whole recovery is judged by: the guide's thresholds, and whom it spoke to.
import { expect, it } from 'vitest';
import { judgeRecovery, judgeSilence } from '../../src/checks/dr-drill.js';
import { spoken } from '../../src/commands/egress-log.js';
import type { DrillRecord, RecoveryTimes } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const [MINUTE, HOUR] = [60_000, 3_600_000];
const server = fixtureServer({ name: 'spare', role: 'standby', standby_for: 'prod' });

const judged = (recovery: Partial<RecoveryTimes>): string[] => {
  const record: DrillRecord = {
    ...{ at: '2026-11-27T04:00:00Z', run: 'spare-1', backup: '20261127T030000Z', failed: [] },
    recovery: { phases: [{ name: 'started', ms: 61_500 }], ...recovery },
  };
  return judgeRecovery(record, server).map(({ id, verdict, evidence }) => `${id} ${verdict} ${evidence[0]}`);
};

it.each<[what: string, times: Partial<RecoveryTimes>, said: string[]]>([
  [
    'within both',
    { rpoMs: 24 * HOUR, rtoMs: 15 * MINUTE },
    ['dr.rpo pass 20261127T030000Z was 24.0 h old', 'dr.rto pass 15 min: started 61.5 s'],
  ],
  [
    'a backup that is too old',
    { rpoMs: 25 * HOUR, rtoMs: MINUTE },
    ['dr.rpo fail 20261127T030000Z was 25.0 h old, and may be 24.0 h', 'dr.rto pass 60 s: started 61.5 s'],
  ],
  [
    'one that took too long',
    { rpoMs: HOUR, rtoMs: 16 * MINUTE },
    ['dr.rpo pass 20261127T030000Z was 60 min old', 'dr.rto fail 16 min, and may be 15 min: started 61.5 s'],
  ],
  [
    'one that came to no end',
    { rpoMs: HOUR },
    [
      'dr.rpo pass 20261127T030000Z was 60 min old',
      'dr.rto fail it did not come to a proved gateway; until then: started 61.5 s',
    ],
  ],
  ['without a backup', {}, []],
])('%s', (_, times, said) => expect(judged(times)).toEqual(said));

const line = (host: string, allow: boolean): string =>
  JSON.stringify({ msg: 'CANONICAL-PROXY-DECISION', allow, requested_host: host });
const log = (...lines: string[]) => ({ stdout: '', stderr: `starting\n${lines.join('\n')}\n`, exitCode: 0 });

function silence(...lines: string[]): string {
  const quiet = structuredClone(server);
  quiet.channels.telegram.enabled = false;
  const whole = structuredClone(server);
  whole.channels.telegram.enabled = true;
  const { verdict, evidence } = judgeSilence(spoken.parse(log(...lines)), quiet, whole);
  return `${verdict} ${evidence.join('; ')}`;
}

it.each([
  ['pass reached: nobody; refused: 0 others', []],
  [
    'pass reached: api.anthropic.com; refused: 1 others',
    [line('api.anthropic.com:443', true), line('clincher-refused.example.com:443', false)],
  ],
  [
    'fail drop.example.net was reached, and is no model provider of this server',
    [line('drop.example.net:443', true)],
  ],
  [
    'fail it asked for api.telegram.org, which is a channel’s, and was refused',
    [line('api.telegram.org:443', false)],
  ],
])('%s', (said, lines) => expect(silence(...lines)).toBe(said));

it('a proxy without a log is no silence', () =>
  expect(() => spoken.parse({ stdout: '', stderr: 'No such container', exitCode: 1 })).toThrow('No such'));
