import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveSecret, type SourceContext } from '../../src/secrets/sources.js';
import { setEntry, updateVault } from '../../src/secrets/vault.js';
import { errorOf, folder, location } from './folder.js';

function context(extra: Partial<SourceContext> = {}): SourceContext {
  const cwd = folder();
  return { location: location(cwd), env: { PATH: process.env['PATH'], HOME: cwd }, cwd, ...extra };
}

const script = (text: string): string => `exec:sh -c '${text}'`;

test('from the vault', async () => {
  const at = context();
  await updateVault(at.location, (vault) => setEntry(vault, 'prod/x', 'hunter2', 'external'));
  expect((await resolveSecret('secret://prod/x', at)).reveal()).toBe('hunter2');
});

test('a name that the vault has not: what to type', async () => {
  const error = await errorOf(resolveSecret('secret://prod/x', context()));
  expect(error).toMatchObject({ code: 'SECRET_MISSING', remedy: ['clincher secrets set secret://prod/x'] });
});

test('from the environment', async () => {
  expect((await resolveSecret('env:A', context({ env: { A: ' x\n' } }))).reveal()).toBe(' x\n');
  for (const env of [{}, { A: '' }]) {
    const error = await errorOf(resolveSecret('env:A', context({ env })));
    expect(error).toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringContaining('variable A is not set'),
    });
  }
});

test('from a file, without its last newline, wherever its path begins', async () => {
  const at = context();
  writeFileSync(join(at.cwd, 'x'), ' hunter2\n\n', { mode: 0o600 });
  for (const path of ['x', './x', '~/x', join(at.cwd, 'x')])
    expect((await resolveSecret(`file:${path}`, at)).reveal()).toBe(' hunter2\n');
});

test('a file that others may read is used, with a warning', async () => {
  const warnings: string[] = [];
  const at = context({ warn: (text) => warnings.push(text) });
  writeFileSync(join(at.cwd, 'x'), 'hunter2');
  chmodSync(join(at.cwd, 'x'), 0o644);
  await resolveSecret('file:x', at);
  expect(warnings).toEqual([expect.stringContaining('others may read it; chmod 600')]);
  chmodSync(join(at.cwd, 'x'), 0o600);
  await resolveSecret('file:x', at);
  expect(warnings).toHaveLength(1);
});

test('a file that is missing, no file, empty or large', async () => {
  const at = context();
  writeFileSync(join(at.cwd, 'empty'), '\n', { mode: 0o600 });
  writeFileSync(join(at.cwd, 'large'), 'x'.repeat(65_537), { mode: 0o600 });
  const codes = ['missing', '.', 'empty', 'large'].map(async (name) => {
    const { code, message } = await errorOf(resolveSecret(`file:${name}`, at));
    return [code, message];
  });
  expect(await Promise.all(codes)).toEqual([
    ['SECRET_MISSING', expect.stringContaining('There is no file')],
    ['SECRET_SOURCE_FAILED', expect.stringContaining('cannot be read (EISDIR)')],
    ['SECRET_SOURCE_FAILED', expect.stringContaining('gave an empty value')],
    ['SECRET_SOURCE_FAILED', expect.stringContaining('larger than 64 KiB')],
  ]);
});

test('from a command: its output without the last newline, no shell', async () => {
  expect((await resolveSecret('exec:printf "a b\\n\\n"', context())).reveal()).toBe('a b\n');
  expect((await resolveSecret('exec:echo $HOME *', context())).reveal()).toBe('$HOME *');
});

test('a command that fails: its last lines, without the value that it printed too', async () => {
  const at = context();
  const failing = script(
    'echo hunter2; echo \\033[31mcould not unlock: hunter2\\007 >&2; echo sk-ant-abc123def456ghi789 >&2; exit 3',
  );
  const error = await errorOf(resolveSecret(failing, at));
  expect(error).toMatchObject({ code: 'SECRET_SOURCE_FAILED' });
  expect(error.message).toBe('The secret source exec:sh … ended with exit code 3.');
  expect(error.evidence[0]).toMatch(/could not unlock: «secret/);
  expect(JSON.stringify([error.message, error.evidence, error.remedy])).not.toMatch(
    /hunter2|sk-ant|\\u001b|\\u0007/,
  );
});

test.each([
  ['exec:no-such-command-here', 'could not be started (ENOENT)'],
  ['exec:true', 'gave an empty value'],
  ['exec:head -c 70000 /dev/zero', 'said more than 64 KiB'],
  [script('kill -9 $$'), 'ended with SIGKILL'],
  [script('printf "a\\000b"'), 'NUL'],
])('%s', async (ref, told) => {
  const error = await errorOf(resolveSecret(ref, context()));
  expect(error).toMatchObject({ code: 'SECRET_SOURCE_FAILED', message: expect.stringContaining(told) });
});

test('a command that hangs is ended, with its children', async () => {
  const at = context({ timeoutMs: 200 });
  const started = Date.now();
  const error = await errorOf(resolveSecret(script('sleep 31.4159 & sleep 31.4159'), at));
  expect(error.message).toContain('took longer than 0.2 s');
  expect(Date.now() - started).toBeLessThan(5000);
});

test('a command does not wait for somebody to type', async () => {
  const error = await errorOf(resolveSecret('exec:cat', context({ timeoutMs: 5000 })));
  expect(error.message).toContain('gave an empty value');
});

test('what is no reference is refused without being repeated', async () => {
  const error = await errorOf(resolveSecret('hunter2', context()));
  expect(error.message).not.toContain('hunter2');
});
