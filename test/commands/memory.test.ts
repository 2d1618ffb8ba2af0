// The memory's own words: what OpenClaw says of old conversations, and the script that makes the index, against a docker that is a folder.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { render } from '../../src/activities/script.js';
import { stale } from '../../src/commands/conversations.js';
import { filesOf, makeIndex } from '../../src/commands/memory-index.js';
import { answer } from './answer.js';

const captured = (name: string) =>
  answer(readFileSync(join(import.meta.dirname, 'openclaw', `${name}.txt`), 'utf8'));

const numbers = (beforeCount: number, afterCount: number) =>
  answer(JSON.stringify({ beforeCount, afterCount, wouldMutate: beforeCount !== afterCount }, null, 2));

describe('old conversations', () => {
  it('2026.3 names each that would go', () =>
    expect(stale([captured('stale-2026.3'), numbers(5, 2)])).toEqual({
      found: [
        'prune-stale agent:main:teleg...ct:200, last used 95d ago',
        'prune-stale agent:main:teleg...ct:100, last used 120d ago',
        'prune-stale agent:main:cron:job1, last used 200d ago',
      ],
      kept: 2,
    }));

  it('so does 2026.9, in a frame', () =>
    expect(stale([captured('stale-2026.9'), numbers(5, 4)])).toEqual({
      found: ['prune-stale agent:main:cron:job1, last used 200d ago'],
      kept: 4,
    }));

  it('a list that is not whole is none', () =>
    expect(() => stale([captured('stale-2026.9'), numbers(5, 2)])).toThrow(
      'remove 3 conversations, and lists 1',
    ));

  it('without numbers nothing is known', () =>
    expect(() => stale([captured('stale-2026.9'), answer('{"agentId":"main"}')])).toThrow('does not say'));
});

let folder = '';
const at = (...names: string[]): string => join(folder, ...names);

/** As much of docker(1) as the script uses: commands in the container run in a folder, OpenClaw and the gateway are files. */
const docker = () => `#!/bin/sh
echo "$@" >>${at('calls')}
[ "$1" != restart ] || { rm -f ${at('replaced')}; exit 0; }
shift 2
case "$*" in
*'openclaw memory index'*) cat ${at('index')} >${at('now')}; sh ${at('now')} "$@" ;;
curl*) [ ! -e ${at('dead')} ] ;;
*'ls -l /proc'*) [ ! -e ${at('replaced')} ] || echo "3 -> /home/node/.openclaw/memory/main.sqlite.backup-1 (deleted)" ;;
*) cd ${at('home')} && sh -c "$(printf %s "$3" | sed 's#/home/node/.openclaw/workspace#.#; s#/home/node#${at('home')}#g')" ;;
esac
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memory-'));
  for (const name of ['bin', 'home', 'home/memory']) mkdirSync(at(name));
  writeFileSync(at('bin', 'docker'), docker(), { mode: 0o755 });
  writeFileSync(at('bin', 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(at('home', 'MEMORY.md'), 'The heron is called Klara.\n');
  writeFileSync(at('home', 'memory', '2026-11-27.md'), 'A day.\n');
  writeFileSync(at('index'), 'echo "Memory index updated (main)."\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function made(everything: boolean) {
  const env = { ...process.env, PATH: `${at('bin')}:${process.env['PATH']}` };
  const { stdout, stderr, status } = spawnSync('sh', ['-c', render(makeIndex(everything).command)], {
    ...{ env, encoding: 'utf8' },
  });
  const calls = readFileSync(at('calls'), 'utf8').split('\n');
  const indexed = calls.filter((line) => line.includes('memory index'));
  return { out: stdout + stderr, status, calls, forced: indexed.map((line) => line.endsWith('--force')) };
}

describe('the index', () => {
  it('what differs alone', () => {
    const { out, forced, calls } = made(false);
    expect(forced).toEqual([false]);
    expect(calls.some((line) => line.startsWith('restart'))).toBe(false);
    expect(filesOf(out)).toEqual({ before: 2, gone: 0, changed: 0, isRestarted: false });
  });

  it('everything, and once more: --force may leave it without its metadata', () =>
    expect(made(true).forced).toEqual([true, false]));

  it('a gateway that holds the one of before is restarted, and what came meanwhile is taken up', () => {
    writeFileSync(at('replaced'), '');
    const { out, forced, calls } = made(true);
    expect(calls).toContain('restart openclaw');
    expect(forced).toEqual([true, false, false]);
    expect(filesOf(out).isRestarted).toBe(true);
  });

  it('one that does not come back is told', () => {
    for (const name of ['replaced', 'dead']) writeFileSync(at(name), '');
    expect(made(false)).toMatchObject({ status: 1, out: expect.stringContaining('does not become ready') });
  });

  it('a file that is gone is counted, and so is one that was written meanwhile', () => {
    writeFileSync(
      at('index'),
      `rm ${at('home', 'MEMORY.md')}; echo more >>${at('home', 'memory', '2026-11-27.md')}\n`,
    );
    expect(filesOf(made(false).out)).toEqual({ before: 2, gone: 1, changed: 1, isRestarted: false });
  });

  it('where it fails, nothing is restarted', () => {
    writeFileSync(at('index'), 'echo "Memory index failed (main): 401"; exit 1\n');
    writeFileSync(at('replaced'), '');
    const { status, calls, out } = made(true);
    expect(status).toBe(1);
    expect(out).toContain('401');
    expect(calls).not.toContain('restart openclaw');
  });

  it('a log without a word of the files is no answer', () =>
    expect(() => filesOf('Memory index updated (main).')).toThrow('without a word'));
});
