// The programs that read and write skills on a host, run here: what is put there reads back as the same hash, and no edit passes.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putSkill, type SkillNow, skillFolders } from '../../src/commands/skill-folders.js';
import type { Command, PinnedFile } from '../../src/model.js';
import { contentHash } from '../../src/stack/pins.js';

let place: string;
let root: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'clincher-skills-'));
  root = join(place, 'skills');
  mkdirSync(root);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const run = (command: Command, input = ''): string => {
  const [program = '', ...words] = command as readonly string[];
  return execFileSync(program, words, { input, encoding: 'utf8' });
};

const FILES: PinnedFile[] = [
  { path: 'SKILL.md', content: '# Ünïcode\r\nlast line without end', isExecutable: false },
  { path: 'a/b/run.sh', content: 'echo\n', isExecutable: true },
  { path: 'a-b.md', content: '', isExecutable: false },
];

function put(files: PinnedFile[]): void {
  const { command, stdin } = putSkill(root, 'review', { files, sha256: contentHash(files) });
  run(command, stdin);
}

function now(): SkillNow | undefined {
  const fact = skillFolders(root);
  return fact.parse({ stdout: run(fact.read), stderr: '', exitCode: 0 }).skills['review'];
}

describe('a skill on the host', () => {
  it('reads back as the hash of what was put there', () => {
    put(FILES);
    expect(now()?.sha256).toBe(contentHash(FILES));
    expect(now()?.files.map(({ path }) => path)).toEqual(['SKILL.md', 'a-b.md', 'a/b/run.sh']);
  });

  it('is replaced whole: nothing of the old one stays, and nothing beside it', () => {
    put(FILES);
    const next = [{ path: 'SKILL.md', content: 'new\n', isExecutable: false }];
    put(next);
    expect(now()?.sha256).toBe(contentHash(next));
    expect(readdirSync(place)).toEqual(['skills']);
  });

  it.each<[string, () => void]>([
    ['a letter', () => writeFileSync(join(root, 'review/SKILL.md'), 'x', { flag: 'a' })],
    ['a file more', () => writeFileSync(join(root, 'review/more.md'), '')],
    ['a file less', () => rmSync(join(root, 'review/a-b.md'))],
    ['what may be started', () => chmodSync(join(root, 'review/SKILL.md'), 0o755)],
    ['a link', () => symlinkSync('/etc/passwd', join(root, 'review/link.md'))],
  ])('is another one after a change of %s', (_, change) => {
    put(FILES);
    chmodSync(join(root, 'review/SKILL.md'), 0o644);
    change();
    expect(now()?.sha256).not.toBe(contentHash(FILES));
  });

  it('is not shut when others may write it', () => {
    put(FILES);
    chmodSync(join(root, 'review/SKILL.md'), 0o666);
    expect(now()?.isShut).toBe(false);
  });
});
