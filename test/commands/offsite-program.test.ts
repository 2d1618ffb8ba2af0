// The host's program against a far end that is a folder: what is copied, what is noticed, and what never goes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backups, there } from '../../src/commands/backup.js';
import { CONF, PROGRAM_TEXT } from '../../src/commands/backup-program.js';
import { copiesOf } from '../../src/commands/offsite-copies.js';

let folder = '';
const at = (...names: string[]): string => join(folder, ...names);
const far = (...names: string[]): string => at('far', ...names);
const kept = (...names: string[]): string => at('kept', ...names);

/** As much of rclone(1) as the program uses; the real one is part of the proof on a real host. */
const rclone =
  (): string => String.raw`[ ! -e ${far()}.away ] || { echo 'Failed to create file system: connection refused' >&2; exit 1; }
while :; do case $1 in --stats | --config | --*timeout | --*retries) shift 2 ;; --*) shift ;; *) break ;; esac; done
verb=$1; shift
[ "$1" != --ignore-times ] || shift
place() { case $1 in offsite:*) printf '%s/' ${far()}; printf %s "$1" | cut -d : -f 2- ;; *) echo "$1" ;; esac; }
for last; do :; done
a=$(place "$1") b=$(place "$last")
case $verb in
lsf) cd "$b" 2>/dev/null || exit 3; find . -type f -printf '%P\t%s\n' ;;
copyto) [ ! -e ${far()}.full ] || { echo 'no space left on device' >&2; exit 1; }; mkdir -p "$(dirname "$b")" && cp "$a" "$b" ;;
moveto) mv -f "$a" "$b" ;;
cat) cat "$a" ;;
deletefile) [ ! -e ${far()}.locked ] && rm "$a" ;;
rmdir) rmdir "$a" ;;
esac
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offsite-'));
  mkdirSync(kept());
  mkdirSync(far());
  writeFileSync(at('rclone'), rclone());
  conf();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const conf = (more = ''): void =>
  writeFileSync(
    at('conf'),
    `SERVER=prod\nSTACK=/opt/openclaw\nBACKUPS=${kept()}\nPROJECT=openclaw\nWRITERS=\nKEEP_DAYS=14\nEVERY_HOURS=24\nRECIPIENTS=/none\n` +
      `OFFSITE='offsite:clincher/prod'\nWHERE='sftp://b@far:22/clincher/prod'\nOFFSITE_HALF=.half\nOFFSITE_KEEP_DAYS=\nrclone() { sh ${at('rclone')} "$@"; }\ndocker() { :; }\n${more}`,
  );

function run(...words: string[]): { code: number | null; said: string } {
  const text = PROGRAM_TEXT.replaceAll(CONF, at('conf'))
    .replaceAll('/run/clincher', at('run'))
    .replaceAll('/var/lib/clincher', at('lib'));
  writeFileSync(at('program'), text);
  const done = spawnSync('bash', [at('program'), ...words], { encoding: 'utf8' });
  return { code: done.status, said: done.stdout + done.stderr };
}

/** A backup as the program leaves it. */
function backup(id: string, content = `archive of ${id}`): void {
  mkdirSync(kept(id));
  writeFileSync(kept(id, 'archive.tar.zst.age'), content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  writeFileSync(
    kept(id, 'manifest.json'),
    `{"format":"clincher.backup/1","id":"${id}","sha256":"${sha256}","bytes":${content.length}}\n`,
  );
}

const [OLD, NEW] = ['20260101T030000Z', '20261127T030000Z'];
const ids = (): string[] => readdirSync(far('clincher', 'prod')).sort();
const note = (id: string) => JSON.parse(readFileSync(kept(id, 'offsite'), 'utf8'));
const copy = (id: string): string => far('clincher', 'prod', id, 'archive.tar.zst.age');

it('copies each once, the manifest last, and notes the hash that it read back', () => {
  backup(OLD);
  backup(NEW);
  expect(run('offsite')).toEqual({ code: 0, said: expect.stringContaining('2 sent to sftp://') });
  expect(ids()).toEqual([OLD, NEW]);
  expect(readdirSync(far('clincher', 'prod', NEW)).sort()).toEqual(['archive.tar.zst.age', 'manifest.json']);
  expect(note(NEW)).toMatchObject({
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    where: expect.any(String),
  });
  expect(run('offsite').said).toContain('0 sent to');
  expect(run('ls').said.split('\n')[1]).toMatch(/^20261127T030000Z\t\d+\t\{.*\}\t\t\{"at":/);
});

it('a far end that is away or full spoils nothing here, and is made up for', () => {
  backup(NEW);
  for (const trouble of ['away', 'full']) {
    writeFileSync(at(`far.${trouble}`), '');
    const { code, said } = run('offsite');
    expect([code, said]).toEqual([69, expect.stringContaining('tried again within the hour')]);
    expect(existsSync(kept(NEW, 'offsite'))).toBe(false);
    rmSync(at(`far.${trouble}`));
  }
  expect(run('offsite').code).toBe(0);
});

it.each([
  ['cut short', () => writeFileSync(copy(NEW), 'arch'), 'offsite'],
  ['gone', () => rmSync(copy(NEW)), 'offsite'],
  ['changed at the same size', () => writeFileSync(copy(NEW), `archivE of ${NEW}`), 'all'],
])('a copy that is %s is told, sent anew, and stays told', (_, tamper, how) => {
  backup(NEW);
  run('offsite');
  tamper();
  const { code, said } = run('offsite', ...(how === 'all' ? ['all'] : []));
  expect([code, said]).toEqual([65, expect.stringContaining('sent anew')]);
  expect(readFileSync(copy(NEW), 'utf8')).toBe(`archive of ${NEW}`);
  expect(note(NEW).differed).toMatch(/^20/);
  expect(run('offsite', 'all').code).toBe(0);
  expect(note(NEW).differed).toMatch(/^20/);
});

it('what is damaged here never takes the place of what is whole there', () => {
  backup(NEW);
  run('offsite');
  writeFileSync(kept(NEW, 'archive.tar.zst.age'), `archivE of ${NEW}`);
  rmSync(kept(NEW, 'offsite'));
  expect(run('offsite').code).toBe(0);
  rmSync(copy(NEW));
  expect(run('offsite')).toEqual({ code: 69, said: expect.stringContaining('is not whole here') });
  expect(existsSync(copy(NEW))).toBe(false);
});

it('a half that was left is sent over, and is no copy', () => {
  backup(NEW);
  mkdirSync(far('clincher', 'prod', NEW), { recursive: true });
  writeFileSync(`${copy(NEW)}.half`, 'arch');
  expect(run('offsite').code).toBe(0);
  expect(readdirSync(far('clincher', 'prod', NEW)).sort()).toEqual(['archive.tar.zst.age', 'manifest.json']);
});

it('one that was encrypted anew here takes the place of its copy, and nobody is blamed', () => {
  backup(NEW);
  run('offsite');
  const noted = readFileSync(kept(NEW, 'offsite'), 'utf8');
  rmSync(kept(NEW), { recursive: true });
  backup(NEW, 'for another key');
  writeFileSync(kept(NEW, 'offsite'), noted);
  expect(run('offsite').code).toBe(0);
  expect(readFileSync(copy(NEW), 'utf8')).toBe('for another key');
});

it('a long list there hides nothing', () => {
  backup(NEW);
  run('offsite');
  for (let i = 0; i < 900; i += 1) {
    const dir = far('clincher', 'prod', `20250101T${String(100_000 + i)}Z`);
    mkdirSync(dir);
    writeFileSync(join(dir, 'manifest.json'), '');
  }
  expect(run('offsite').said).toContain('0 sent to');
});

it('another far end has nothing yet', () => {
  backup(NEW);
  run('offsite');
  conf(`OFFSITE='offsite:other/prod'\nWHERE='sftp://b@other:22/other/prod'\n`);
  expect(run('offsite').said).toContain('1 sent to sftp://b@other');
});

it('removes by age what is no longer here, never the newest, and not where it may not', () => {
  const ancient = ['20200101T030000Z', '20200102T030000Z', '20200103T030000Z'];
  for (const id of ancient) backup(id);
  run('offsite');
  writeFileSync(kept(ancient[1]!, 'verified'), '{}');
  conf('OFFSITE_KEEP_DAYS=30\n');
  run('offsite');
  expect(ids()).toEqual(ancient);
  rmSync(kept(ancient[0]!), { recursive: true });
  rmSync(kept(ancient[2]!), { recursive: true });
  writeFileSync(at('far.locked'), '');
  expect(run('offsite')).toEqual({ code: 0, said: expect.stringContaining('may not be removed') });
  rmSync(at('far.locked'));
  expect(run('offsite').said).toContain(`removed the copy of ${ancient[0]}`);
  expect(ids()).toEqual([ancient[1], ancient[2]]);
});

it('brings one back, unless it is not what its manifest says', () => {
  backup(NEW);
  run('offsite');
  rmSync(kept(NEW), { recursive: true });
  expect(run('fetch', NEW).said).toContain(`fetched ${NEW}`);
  expect(readFileSync(kept(NEW, 'archive.tar.zst.age'), 'utf8')).toBe(`archive of ${NEW}`);
  rmSync(kept(NEW), { recursive: true });
  writeFileSync(copy(NEW), 'another');
  expect(run('fetch', NEW).code).toBe(65);
  expect(readdirSync(kept()).filter((name) => !name.startsWith('.off'))).toEqual(['.lock']);
});

it('what it lists there is read as it is: whole, compared, and only there where it is gone from here', () => {
  for (const id of [OLD, NEW]) backup(id);
  run('offsite');
  rmSync(kept(OLD), { recursive: true });
  const here = backups.parse({ stdout: run('ls').said, stderr: '', exitCode: 0 });
  const far = there.parse({ stdout: `0\n0\n${run('there').said}`, stderr: '', exitCode: 0 });
  expect(copiesOf(here, far)).toEqual([
    { id: OLD, bytes: `archive of ${OLD}`.length, isWhole: true, isHere: false },
    { id: NEW, bytes: `archive of ${NEW}`.length, isWhole: true, isHere: true, comparedAt: note(NEW).at },
  ]);
});

it('without a far end it does nothing, and names that are none of ours are not looked at', () => {
  backup(NEW);
  run('offsite');
  writeFileSync(far('clincher', 'prod', '$(reboot)'), '');
  expect(run('there').said.trim().split('\n').length).toBe(2);
  conf("OFFSITE=''\n");
  expect(run('offsite')).toEqual({ code: 0, said: 'no copies elsewhere are configured\n' });
});
