// A git repository for one test: commits are made of files that are given, and fetched from by its path.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ENV = {
  PATH: process.env['PATH'],
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Ada'],
      [`GIT_${who}_EMAIL`, 'ada@example.com'],
      [`GIT_${who}_DATE`, '2026-11-27T00:00:00Z'],
    ]),
  ),
};

export interface Repository {
  path: string;
  git(...words: string[]): string;
  /** Writes the files, commits all, and says the commit. */
  commit(files: Record<string, string | Buffer>, change?: (at: (path: string) => string) => void): string;
  remove(): void;
}

export function repository(): Repository {
  const path = mkdtempSync(join(tmpdir(), 'clincher-repository-'));
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', path, ...words], { env: ENV, encoding: 'utf8', stdio: 'pipe' }).trim();
  const at = (file: string): string => join(path, file);
  git('init', '--quiet', '--initial-branch', 'main');
  return {
    path,
    git,
    commit(files, change) {
      for (const [file, content] of Object.entries(files)) {
        mkdirSync(dirname(at(file)), { recursive: true });
        writeFileSync(at(file), content);
      }
      change?.(at);
      git('add', '--all');
      git('commit', '--quiet', '--message', 'one');
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export { chmodSync, symlinkSync };
