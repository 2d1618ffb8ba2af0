// The scripts themselves, by a shell, in a folder instead of /var: who gets a server, and who is told of whom.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { render, whole } from '../../src/activities/script.js';
import { adopt, answered, claimMark, type Owner } from '../../src/commands/owner.js';
import type { Command } from '../../src/model.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'owner-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const script = (command: Command): string => whole(render(command)).replaceAll('/var/', `${root}/var/`);
const run = (command: Command) => answered(execFileSync('sh', ['-s'], { input: script(command) }).toString());

const owner = (plane: string, reason = ''): Owner => ({
  ...{ plane, who: `${plane}@desk`, since: '2026-11-28T03:00:00Z', reason, from: '' },
});
const claim = (plane: string, reason?: string) =>
  claimMark(
    { plane, run: `${plane}-1`, who: 'ada', since: 'then' },
    reason,
    `then ${plane}-1 ada`,
    'primary',
  );
const take = (seen: Owner | null, next: Owner) => adopt(seen, next, `now ${next.plane}-2 ada`).command;
const log = (): string => readFileSync(join(root, 'var/log/clincher/audit.log'), 'utf8');
const anHourAgo = (): void => {
  const then = Date.now() / 1000 - 3600;
  utimesSync(join(root, 'var/lib/clincher/owner'), then, then);
};

it('nobody’s server is marked by whoever comes, and another one is told', () => {
  expect(run(claim('a'))).toEqual({ is: 'ours' });
  expect(run(claim('a'))).toEqual({ is: 'ours' });
  expect(run(claim('b'))).toMatchObject({ is: 'mark', mark: { plane: 'a', run: 'a-1' } });
  expect(run(claim('b', 'a is away'))).toEqual({ is: 'ours' });
  expect(log()).toBe('then b-1 ada takes over from a-1: a is away\n');
});

it('where another one has left its mark an adoption wants a reason, which is kept', () => {
  run(claim('a'));
  expect(run(take(null, owner('b')))).toMatchObject({ is: 'reason' });
  expect(run(take(null, owner('b', "it's gone")))).toEqual({ is: 'adopted' });
  expect(log()).toBe("now b-2 ada adopts this server (of run a-1): it's gone\n");
});

it('the former one is refused from then on, whatever reason it gives; the new one is not', () => {
  run(claim('a'));
  run(take(null, owner('b', 'gone')));
  expect(run(claim('a', 'mine'))).toMatchObject({ is: 'owner', owner: { plane: 'b' } });
  expect(run(claim('b'))).toEqual({ is: 'ours' });
});

it('whoever saw it as nobody’s is told that it is somebody’s by now; whoever looked again has to wait', () => {
  run(take(null, owner('b')));
  expect(run(take(null, owner('c', 'me too')))).toMatchObject({ is: 'lost', owner: { plane: 'b' } });
  expect(run(take(owner('b'), owner('c', 'me too')))).toMatchObject({ is: 'lost' });
  anHourAgo();
  expect(run(take(owner('b'), owner('c')))).toMatchObject({ is: 'reason' });
  expect(run(take(owner('b'), owner('c', 'b is gone as well')))).toEqual({ is: 'adopted' });
});

it('of eight at the same moment exactly one gets it', async () => {
  const ask = (plane: string) =>
    new Promise<string>((resolve, reject) => {
      const child = execFile('sh', ['-s'], (error, stdout) => (error ? reject(error) : resolve(stdout)));
      child.stdin?.end(script(take(null, owner(plane, 'race'))));
    });
  const said = await Promise.all([...'abcdefgh'].map(ask));
  expect(said.map(answered).filter(({ is }) => is === 'adopted')).toHaveLength(1);
  expect(log().trim().split('\n')).toHaveLength(1);
});
