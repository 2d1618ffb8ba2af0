import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { OwnTerminal } from '../../src/client/own-terminal.js';
import { stage } from './stage.js';

const terminal = (): OwnTerminal & { raws: string[] } => {
  const raws: string[] = [];
  return {
    ...{ term: 'xterm', size: () => ({ columns: 80, rows: 24 }), onResize: () => () => {}, raws },
    raw: () => {
      raws.push('raw');
      return () => void raws.push('as before');
    },
  };
};
const input = (text: string): NodeJS.ReadableStream => Readable.from([Buffer.from(text)]);

describe('ssh', () => {
  test('a shell at a terminal, noted first; the terminal is the person’s again', async () => {
    const own = terminal();
    const s = stage({ io: { terminal: own, stdin: input('') }, reach: { says: [{ code: 3 }] } });
    expect(await s.run('ssh', 'prod')).toBe(3);
    expect(s.reach.events).toEqual(['note ssh', 'user: a shell', 'closed']);
    expect(own.raws).toEqual(['raw', 'as before']);
    expect(s.opened()).toBe(0);
  });

  test('nothing is reached without a terminal, or by the name of nobody', async () => {
    const s = stage();
    expect(await s.run('ssh', 'prod')).toBe(2);
    expect(s.io.stderr()).toContain('clincher exec prod -- uptime');
    expect(await s.run('ssh', 'nobody')).toBe(2);
    expect(s.reach.events).toEqual([]);
  });

  test('what cannot be noted is not done', async () => {
    const s = stage({ io: { terminal: terminal() }, reach: { refuses: 'NOT_NOTED' } });
    expect(await s.run('ssh', 'prod')).toBe(1);
    expect(s.reach.events).toEqual(['closed']);
  });
});

describe('exec', () => {
  test('words stay words, what it says and its exit status come through', async () => {
    const s = stage({ reach: { says: [{ stdout: 'out\n', stderr: 'err\n', code: 42 }] } });
    expect(await s.run('exec', 'prod', '--', 'echo', 'a b', '$HOME')).toBe(42);
    expect(s.io.stdout()).toBe('out\n');
    expect(s.io.stderr()).toBe('err\n');
    expect(s.reach.events[0]).toBe('note exec echo a b $HOME');
    expect(s.reach.events[1]).toMatch(/^user: sh -c .* sh echo 'a b' '\$HOME'$/s);
  });

  test('its input is left alone unless it is asked for', async () => {
    const asked = stage({ io: { stdin: input('hello') } });
    expect(await asked.run('exec', 'prod', '--stdin', '--', 'cat')).toBe(0);
    expect(asked.reach.inputs).toEqual(['hello']);
    const stdin = new PassThrough();
    const other = stage({ io: { stdin } });
    expect(await other.run('exec', 'prod', '--', 'cat')).toBe(0);
    expect(other.reach.inputs).toEqual([]);
    expect(stdin.listenerCount('data')).toBe(0);
  });

  test('in a container, as root, a partition’s too', async () => {
    const s = stage({ io: { stdin: input('') } });
    expect(await s.run('exec', 'prod', '--in', 'litellm', '--stdin', '--', 'id')).toBe(0);
    expect(s.reach.events).toContain('root: docker exec -i openclaw-litellm id');
    expect(await s.run('exec', 'prod', '--in', 'litelm', '--', 'id')).toBe(2);
    expect(s.io.stderr()).toContain('did you mean litellm?');
    expect(await s.run('exec', 'prod', '--partition', 'team', '--', 'id')).toBe(2);
  });

  test('as a document of its schema', async () => {
    const s = stage({ reach: { says: [{ stdout: 'x', code: 1 }] } });
    expect(await s.run('exec', 'prod', '--sudo', '--json', '--', 'id')).toBe(1);
    expect(JSON.parse(s.io.stdout())).toMatchObject({
      ...{
        schema: 'clincher.exec/1',
        server: 'prod',
        command: ['id'],
        exitCode: 1,
        stdout: 'x',
        isWhole: true,
      },
    });
    expect(s.reach.events[1]).toMatch(/^root: sh -c/);
  });
});

describe('logs of a server', () => {
  test('all services, or one; whatever they say is shown and not obeyed', async () => {
    const s = stage({
      reach: { says: [{ stdout: '\u001b[2Kopenclaw-litellm  | 2026-11-28T12:00:00Z a\u001b[2Jb\nlast' }] },
    });
    expect(await s.run('logs', 'prod', '--since', '2d', '--tail', '7')).toBe(0);
    expect(s.io.stdout()).toBe('openclaw-litellm  | 2026-11-28T12:00:00Z a\\e[2Jb\nlast\n');
    expect(s.reach.events[1]).toMatch(
      /^root: .* docker compose --project-name openclaw logs --no-color --timestamps --tail 7 --since 172800s$/s,
    );
    expect(await s.run('logs', 'prod', 'litellm', '--follow', '--json')).toBe(0);
    expect(s.reach.events.at(-2)).toMatch(/--follow litellm$/);
    expect(JSON.parse(s.io.stdout().trim().split('\n').at(-2) ?? '')).toEqual({
      ...{ schema: 'clincher.service-log/1', service: 'openclaw-litellm' },
      line: '2026-11-28T12:00:00Z a\\e[2Jb',
    });
    expect(s.reach.events.filter((each) => each.startsWith('note'))).toEqual([
      'note logs',
      'note logs litellm',
    ]);
  });

  test('a server’s name wins over a run’s; each has flags of its own', async () => {
    const s = stage();
    expect(await s.run('logs', 'prod', '--step', 'base.docker')).toBe(2);
    expect(await s.run('logs', 'prod-3f2a', 'litellm')).toBe(2);
    expect(await s.run('logs', 'prod-3f2a', '--tail', '3')).toBe(2);
    expect(s.io.stderr()).toContain('--tail is of the logs of a server');
    expect(s.reach.events).toEqual([]);
  });

  test('a Docker that does not answer is no empty log', async () => {
    const s = stage({ reach: { says: [{ code: 1, stderr: 'Cannot connect\n' }] } });
    expect(await s.run('logs', 'prod')).toBe(1);
    expect(s.io.stderr()).toContain('clincher top prod');
  });
});

const USE = {
  use: {
    ...{ load: [0.5, 0.4, 0.3], processors: 4, upSeconds: 93_784 },
    containers: [
      {
        ...{ name: 'openclaw', status: 'Up 2 hours (healthy)', cpuPercent: 12.34, memoryBytes: 9e8 },
        ...{ limitBytes: 1e9, processes: 24 },
      },
      {
        ...{ name: 'openclaw-redis', status: 'Exited (137) 3 minutes ago', cpuPercent: 0, memoryBytes: 0 },
        ...{ limitBytes: 0, processes: 0 },
      },
    ],
  },
  memory: { totalBytes: 8e9, usedPercent: 61.2 },
  disks: [{ mount: '/', usedPercent: 34, freeBytes: 5e10 }],
};

describe('top', () => {
  test('one look, for people and as a document', async () => {
    const s = stage({ reach: { facts: USE } });
    expect(await s.run('top', 'prod')).toBe(0);
    for (const text of [
      'load 0.50 0.40 0.30 on 4 processors',
      'memory 61% of 8.0 GB, no swap',
      '12.3%',
      '90% of 1.0 GB',
      'Exited (137)',
    ])
      expect(s.io.stdout()).toContain(text);
    expect(await s.run('top', 'prod', '--json')).toBe(0);
    expect(s.reach.events.slice(0, 3)).toEqual(['note top', 'read use memory disks', 'closed']);
  });

  test('again and again where a person looks, until Ctrl-C', async () => {
    const s = stage({ reach: { facts: USE }, io: { outIsTTY: true } });
    const going = s.run('top', 'prod');
    await new Promise((resolve) => setTimeout(resolve, 30));
    s.io.interrupt();
    expect(await going).toBe(0);
    expect(s.reach.events.filter((each) => each.startsWith('read')).length).toBeGreaterThan(1);
  });
});

describe('cp', () => {
  test('one end is there', async () => {
    const s = stage();
    expect(await s.run('cp', 'a', 'b')).toBe(2);
    expect(await s.run('cp', 'prod:/a', 'spare:/b')).toBe(2);
    expect(await s.run('cp', 'nobody:/a', '.')).toBe(2);
    expect(s.reach.events).toEqual([]);
  });

  test('a file goes there under its own name, and is in place only when all of it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cp-'));
    writeFileSync(join(folder, 'notes.md'), 'hello');
    const s = stage({ reach: { says: [{ stdout: '/tmp/.clincher-cp.1\n/tmp/notes.md\n' }, { code: 0 }] } });
    expect(await s.run('cp', '--json', join(folder, 'notes.md'), 'prod:/tmp/')).toBe(0);
    expect(s.reach.inputs[0]).toContain('hello');
    expect(s.reach.events[2]).toMatch(
      /^user: sh -c 'mv .* \/tmp\/\.clincher-cp\.1 notes\.md \/tmp\/notes\.md$/s,
    );
    expect(JSON.parse(s.io.stdout())).toMatchObject({ to: 'prod:/tmp/notes.md' });
  });

  test('what a server sends that is no archive leaves what is here as it was', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cp-'));
    writeFileSync(join(folder, 'hosts'), 'mine');
    const s = stage({ reach: { says: [{ stdout: 'no archive at all', code: 0 }] } });
    expect(await s.run('cp', 'prod:/etc/hosts', folder)).toBe(1);
    expect(s.io.stderr()).toContain('NOT_COPIED');
    expect(readFileSync(join(folder, 'hosts'), 'utf8')).toBe('mine');
  });
});
