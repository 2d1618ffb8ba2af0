// Archives made exactly as the guide's Step 11 makes them, opened by the host's program; and those that must not open.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONF, PROGRAM_TEXT } from '../../src/commands/backup-program.js';

const KEY = 'ab12'.repeat(16);
let folder = '';
const at = (...names: string[]): string => join(folder, ...names);
const archive = (): string => at('openclaw-config-2026-11-27.tar.gz.enc');

/** Word for word, with the folder in place of /opt/openclaw. */
const GUIDE = `set -e
tar -czf "openclaw-config-2026-11-27.tar.gz" -C openclaw config/ docker-compose.yml .env
cp openclaw-config-2026-11-27.tar.gz plain.tar.gz
for backup in *-2026-11-27.tar.gz; do
openssl enc -aes-256-cbc -salt -pbkdf2 \
-in "$backup" -out "$backup.enc" \
-pass "file:key"
rm -f "$backup"
done`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guide-'));
  mkdirSync(at('openclaw', 'config'), { recursive: true });
  writeFileSync(at('openclaw', '.env'), 'LITELLM_MASTER_KEY=sk-1\n');
  writeFileSync(at('openclaw', 'docker-compose.yml'), 'services: {}\n');
  writeFileSync(at('openclaw', 'config', 'large'), Buffer.alloc(300_000, 'abc'));
  writeFileSync(at('key'), `${KEY}\n`);
  writeFileSync(at('conf'), 'SERVER=prod BACKUPS=/none\n');
  writeFileSync(at('program'), PROGRAM_TEXT.replaceAll(CONF, at('conf')));
  execFileSync('sh', ['-c', GUIDE], { cwd: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(file = archive(), key = `${KEY}\n`): { code: number | null; said: string } {
  const done = spawnSync('bash', [at('program'), 'guide', file, at('out')], { input: key, encoding: 'utf8' });
  return { code: done.status, said: done.stdout + done.stderr };
}

it('opens one into a new folder, whole', () => {
  expect(open()).toEqual({ code: 0, said: expect.stringMatching(/^opened .*: 4 entries in /) });
  expect(readFileSync(at('out', '.env'), 'utf8')).toBe('LITELLM_MASTER_KEY=sk-1\n');
  expect(readFileSync(at('out', 'config', 'large')).length).toBe(300_000);
});

it('opens one that was left in clear for want of a key', () =>
  expect(open(at('plain.tar.gz'), '')).toMatchObject({ code: 0 }));

it('takes the key with or without the end of its line', () => expect(open(archive(), KEY).code).toBe(0));

const flip = (): void => {
  const bytes = readFileSync(archive());
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  writeFileSync(archive(), bytes);
};

const flipped = () => {
  flip();
  return open();
};

const cut = () => {
  truncateSync(archive(), 400);
  return open();
};

it.each([
  ['another key', () => open(archive(), 'cd'.repeat(32)), 65],
  ['a flipped byte', flipped, 65],
  ['one that was cut short', cut, 65],
  ['none at all', () => open(at('nothing.enc')), 66],
])('refuses %s, and leaves nothing half', (_, refused, code) => {
  expect(refused().code).toBe(code);
  expect([existsSync(at('out')), existsSync(at('out.half'))]).toEqual([false, false]);
});

it('never writes over what is there', () => {
  mkdirSync(at('out'));
  expect(open().code).toBe(73);
});
