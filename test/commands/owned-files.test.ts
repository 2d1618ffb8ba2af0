// Owned files against the real interpreter and shell: secrets stay where they are, and a hand is noticed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type OwnedFile, ownedChange, ownedFiles } from '../../src/commands/owned-files.js';

const folder = mkdtempSync(join(tmpdir(), 'owned-'));
afterAll(() => rmSync(folder, { recursive: true }));
const hash = (value: string): string => `«sha256:${createHash('sha256').update(value).digest('hex')}»`;

const at = (name: string, file: Partial<OwnedFile> = {}): OwnedFile => ({
  path: join(folder, name),
  content: '',
  mode: '0600',
  ...file,
});

/** As a survey would: standard output, standard error and exit code of the very words. */
function read(...files: OwnedFile[]) {
  const fact = ownedFiles(files);
  const [command = '', ...words] = fact.read as string[];
  try {
    const stdout = execFileSync(command, words, { encoding: 'utf8', stdio: 'pipe' });
    return fact.parse({ stdout, stderr: '', exitCode: 0 });
  } catch (error) {
    const { stderr, status } = error as { stderr?: string; status?: number };
    if (stderr === undefined) throw error;
    return fact.parse({ stdout: '', stderr, exitCode: status ?? 1 });
  }
}

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });
const content = (file: OwnedFile): string | undefined => read(file).get(file.path)?.content;

describe('an environment file', () => {
  it('shows plain variables and hashes the others, however they are quoted', () => {
    write('.env', `# K=comment\nCOMPOSE_FILE=a.yml:b.yml\nA=se cret\nB='se cret'\nC="se \\"c\\" ret"\nD=\n`);
    expect(content(at('.env', { format: 'env', keys: ['COMPOSE_FILE'] }))).toBe(
      `# K=comment\nCOMPOSE_FILE=a.yml:b.yml\nA=${hash('se cret')}\nB=${hash('se cret')}\nC=${hash('se "c" ret')}\nD=${hash('')}\n`,
    );
  });
});

describe('a JSON file', () => {
  it('hashes every text, or those under the keys that are named', () => {
    write('s.json', '{"token":"t","list":["ü"],"ref":{"token":{"id":"/x"},"n":1}}');
    const all = JSON.parse(content(at('s.json', { format: 'json' })) ?? '');
    expect(all).toEqual({
      token: hash('t'),
      list: [hash('ü')],
      ref: { token: { id: hash('/x') }, n: 1 },
    });
    const some = JSON.parse(content(at('s.json', { format: 'json', keys: ['token'] })) ?? '');
    expect(some).toEqual({ token: hash('t'), list: ['ü'], ref: { token: { id: '/x' }, n: 1 } });
  });

  it('is unknown when it is none, and its words are in no error', () => {
    write('bad.json', '{"token": hunter2');
    expect(() => read(at('bad.json', { format: 'json' }))).toThrow(/bad\.json is not valid json$/);
  });
});

describe('a file that is not there', () => {
  it('is simply absent', () => expect(read(at('none'), at('none/below')).size).toBe(0));
});

describe('the change', () => {
  const now = { content: 'a\n', mode: '0600', owner: 'root', group: 'root', ids: '0:0', isOurs: true };

  it('is none when all is as wanted', () =>
    expect(ownedChange(now, at('x', { content: 'a\n' }))).toEqual([]));
  it('goes by numbers where a number is wanted', () =>
    expect(ownedChange(now, at('x', { content: 'a\n', owner: '0', group: '0' }))).toEqual([]));
  it('updates what we wrote', () =>
    expect(ownedChange(now, at('x', { content: 'b\n' }))[0]).not.toHaveProperty('overwrites'));
  it('says when it would take back what a hand has written', () =>
    expect(ownedChange({ ...now, isOurs: false }, at('x', { content: 'b\n' }))[0]).toMatchObject({
      what: expect.stringContaining('edited by hand'),
      overwrites: true,
    }));
  it('does not ask where only mode or owner differ', () =>
    expect(
      ownedChange({ ...now, isOurs: false, mode: '0644' }, at('x', { content: 'a\n' }))[0],
    ).not.toHaveProperty('overwrites'));
  it('shows four digits of a hash, never more', () => {
    const [change] = ownedChange(
      { ...now, content: `A=${hash('x')}\n` },
      at('x', { content: 'A=«secret://p/a»\n' }),
    );
    expect(change?.diff?.before).toMatch(/A=«secret sha256:[0-9a-f]{4}…»\n$/);
  });

  it('writes with mode, and what it wrote counts as ours until a hand changes it', () => {
    const file = at('written', { content: 'ü\n', mode: '0640' });
    const [change] = ownedChange(undefined, file);
    // The record lies below /var/lib on a host; here it is put beside the file.
    const local = (text: string): string => text.replaceAll('/var/lib/clincher/written', `${folder}/record`);
    for (const { command, stdin } of change?.run ?? []) {
      const [program = '', ...words] = (command as string[]).map(local);
      execFileSync(program, words, { input: stdin });
    }
    expect(readFileSync(file.path, 'utf8')).toBe('ü\n');
    const recorded = readFileSync(join(folder, 'record', file.path.replaceAll('/', '%')), 'utf8').trim();
    expect(recorded).toBe(createHash('sha256').update('ü\n').digest('hex'));
  });
});
