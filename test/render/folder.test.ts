// Rendered files go into their folder and nowhere else.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClincherError } from '../../src/errors.js';
import { MARK, writeFolder } from '../../src/render/folder.js';
import { type Rendered, rendered } from '../../src/render/rendered.js';
import { fixtureServer } from '../fixture-server.js';
import { folder as newFolder } from '../secrets/folder.js';

const whole = rendered(fixtureServer(), 'debian13');
const only = (...paths: string[]): Rendered => ({
  ...whole,
  files: whole.files.filter(({ path }) => paths.includes(path)),
});
const SSHD = '/etc/ssh/sshd_config.d/00-clincher.conf';
const SUDO = '/etc/sudoers.d/99-clincher';

const write = (into: string, result = whole, force = false): void =>
  writeFolder({ rendered: result, folder: into, force, again: 'clincher render -s lab --out x' });

function refused(work: () => void): ClincherError {
  try {
    work();
  } catch (error) {
    if (error instanceof ClincherError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a folder of rendered files', () => {
  it('is made, for its owner alone, and mirrors the host', () => {
    const into = join(newFolder(), 'a', 'b');
    write(into);
    expect(statSync(into).mode & 0o777).toBe(0o700);
    for (const { path, content } of whole.files) expect(readFileSync(into + path, 'utf8')).toBe(content);
    expect(statSync(into + SUDO).mode & 0o777).toBe(0o440);
  });

  it('is made anew: what is no longer rendered goes, what is not ours stays', () => {
    const into = newFolder();
    write(into);
    writeFileSync(join(into, 'notes.txt'), 'mine');
    write(into, only(SSHD));
    expect(existsSync(into + SSHD)).toBe(true);
    expect(existsSync(join(into, 'etc/sudoers.d'))).toBe(false);
    expect(readdirSync(into).sort()).toEqual([MARK, 'etc', 'notes.txt']);
  });

  it('that somebody else has filled is left alone, unless told otherwise', () => {
    const into = newFolder();
    writeFileSync(join(into, 'thesis.tex'), 'years of work');
    const error = refused(() => write(into));
    expect(error).toMatchObject({ code: 'FOLDER_UNUSABLE', exitCode: 2 });
    expect(error.remedy.at(-1)).toBe('clincher render -s lab --out x --force');
    expect(readdirSync(into)).toEqual(['thesis.tex']);
    write(into, whole, true);
    expect(readFileSync(join(into, 'thesis.tex'), 'utf8')).toBe('years of work');
  });

  it('is not a way to somewhere else: neither by a link nor by its own mark', () => {
    const [into, outside] = [newFolder(), newFolder()];
    mkdirSync(join(outside, 'ssh/sshd_config.d'), { recursive: true });
    symlinkSync(outside, join(into, 'etc'));
    expect(refused(() => write(into, only(SSHD), true)).message).toContain('through a link');
    expect(readdirSync(join(outside, 'ssh/sshd_config.d'))).toEqual([]);
    const marked = newFolder();
    writeFileSync(join(outside, 'victim'), 'x');
    const path = `/../${outside.split('/').at(-1)}/victim`;
    writeFileSync(join(marked, MARK), JSON.stringify({ schema: 'clincher.rendered/1', files: [{ path }] }));
    write(marked);
    expect(existsSync(join(outside, 'victim'))).toBe(true);
  });

  it('that is a file, or below one, is said to be so', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(refused(() => write(file))).toMatchObject({ code: 'FOLDER_UNUSABLE' });
    expect(refused(() => write(join(file, 'below'))).message).toContain('is not a folder');
  });
});
