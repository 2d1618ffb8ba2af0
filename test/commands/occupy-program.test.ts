// The host's program as it rehearses a recovery on a standby: what was there comes back, whatever cuts the rehearsal short.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONF, PROGRAM_TEXT } from '../../src/commands/backup-program.js';

const ID = '20261127T030000Z';
let folder = '';
const at = (...names: string[]): string => join(folder, ...names);
const read = (...names: string[]): string => readFileSync(at(...names), 'utf8');

/** What unpacks is proved on a real host; here it leaves a state and a file of that day's. */
const UNFOLD = String.raw`unfold() { cat >/dev/null; took=1000
  mkdir -p "$drill/opt/openclaw/data" "$drill/var/lib/clincher"
  echo "memory of $1" >"$drill/opt/openclaw/data/MEMORY.md"; echo old >"$drill/opt/openclaw/docker-compose.yml"
  echo '["of the primary"]' >"$drill/var/lib/clincher/drills.json"; }
unfold_for_real() {`;

/** Only what this program asks of it. */
const TOOLS = String.raw`
rsync() {
  local to=${'"${@: -1}"'} from=${'"${@: -2:1}"'}
  case " $* " in *' --delete '*) find "$to" -mindepth 1 -delete ;; esac
  mkdir -p "$to" && cp -a "$from." "$to"
}
systemctl() { echo "$*" >>LOG; }
docker() {
  case "$1 $2" in
  'ps -q' | 'ps -aq') [ ! -e RUNS ] || [ "$3" != --filter ] || [[ $4 = name=* ]] || echo 0123abcd ;;
  'rm -f') rm -f RUNS; echo "rm $3" >>LOG ;;
  esac; }
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'occupy-'));
  for (const each of ['kept', 'stack/config', 'stack/data', 'lib', 'units'])
    mkdirSync(at(each), { recursive: true });
  mkdirSync(at('kept', ID));
  writeFileSync(at('kept', ID, 'manifest.json'), `{"id":"${ID}","stack":"/opt/openclaw"}\n`);
  writeFileSync(at('stack', 'docker-compose.yml'), 'staged\n');
  writeFileSync(at('stack', 'config', 'secret'), 'x\n', { mode: 0o600 });
  chmodSync(at('stack', 'data'), 0o700);
  writeFileSync(at('lib', 'drills.json'), '["of the standby"]\n');
  writeFileSync(at('lib', 'stack-up'), '');
  writeFileSync(at('lib', 'mark'), 'ours\n');
  const conf = `SERVER=prod\nSTACK=${at('stack')}\nBACKUPS=${at('kept')}\nPROJECT=openclaw\nRECIPIENTS=/none\nOFFSITE=\n`;
  writeFileSync(at('conf'), conf + TOOLS.replaceAll('LOG', at('log')).replaceAll('RUNS', at('runs')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(words: string[], change = (text: string) => text): { code: number | null; said: string } {
  const text = PROGRAM_TEXT.replaceAll(CONF, at('conf'))
    .replaceAll('/run/clincher', at('run'))
    .replaceAll('/etc/systemd/system', at('units'))
    .replaceAll(/(?<!drill"?)\/var\/lib\/clincher/g, at('lib'))
    .replace('unfold() {', UNFOLD);
  writeFileSync(at('program'), change(text));
  const done = spawnSync('bash', [at('program'), ...words], { encoding: 'utf8', input: 'key\n' });
  return { code: done.status, said: done.stdout + done.stderr };
}
const occupy = (change?: (text: string) => string) => program(['occupy', ID], change);
const vacate = (change?: (text: string) => string) => program(['vacate'], change);

function isAsStaged(): void {
  expect(read('stack', 'docker-compose.yml')).toBe('staged\n');
  expect(readdirSync(at('stack', 'data'))).toEqual([]);
  expect(statSync(at('stack', 'data')).mode & 0o777).toBe(0o700);
  expect(statSync(at('stack', 'config', 'secret')).mode & 0o777).toBe(0o600);
  expect(read('lib', 'drills.json')).toBe('["of the standby"]\n');
  expect(readdirSync(at('lib')).sort()).toEqual(['drills.json', 'mark', 'stack-up']);
  expect(readdirSync(at('units'))).toEqual([]);
}

it('the backup takes its place, and something would undo that at boot', () => {
  expect(occupy()).toMatchObject({
    code: 0,
    said: expect.stringContaining(`occupied by ${ID}: read in 1 s`),
  });
  expect(read('stack', 'data', 'MEMORY.md')).toBe(`memory of ${ID}\n`);
  expect(read('stack', 'docker-compose.yml')).toBe('old\n');
  expect(read('units', 'clincher-vacate.service')).toMatch(/^ExecStart=.*clincher-backup vacate keep$/m);
  expect(read('log')).toContain('enable clincher-vacate.service');
  expect(existsSync(at('lib', 'drill'))).toBe(false);
  expect(existsSync(at('lib', 'recovered'))).toBe(false);
});

it('all of it goes again: files, modes, what is known, containers', () => {
  occupy();
  writeFileSync(at('runs'), '');
  writeFileSync(at('stack', 'data', 'sessions.json'), 'written by the gateway\n');
  writeFileSync(at('lib', 'openclaw-settings.json'), '{}\n');
  expect(vacate()).toEqual({ code: 0, said: 'vacated: this server is as it was before the drill\n' });
  expect(read('log')).toContain('rm 0123abcd');
  isAsStaged();
  expect(vacate()).toEqual({ code: 0, said: 'nothing of a drill is here\n' });
});

it('one that was cut short is taken away by the next, and by a recovery that is none', () => {
  expect(occupy((text) => text.replace('  fill "$1"\n  sync', '  kill -9 $$$$\n  sync')).code).toBe(null);
  expect(existsSync(at('lib', 'dr-drill'))).toBe(true);
  expect(occupy().code).toBe(0);
  expect(program(['recover', ID]).code).toBe(0);
  expect(existsSync(at('lib', 'dr-drill'))).toBe(false);
  expect(read('lib', 'recovered')).toBe(`${ID}\n`);
});

it('at boot it is taken away, and once more when its run has come back and started services', () => {
  occupy();
  writeFileSync(at('runs'), '');
  expect(program(['vacate', 'keep'])).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^vacated at boot/),
  });
  expect(existsSync(at('runs'))).toBe(false);
  expect(readdirSync(at('stack', 'data'))).toEqual([]);
  expect(read('stack', 'docker-compose.yml')).toBe('staged\n');
  writeFileSync(at('runs'), '');
  writeFileSync(at('stack', 'docker-compose.yml'), 'of the run that came back\n');
  writeFileSync(at('stack', 'data', 'openclaw.json'), '{}\n');
  expect(vacate().code).toBe(0);
  expect(existsSync(at('runs'))).toBe(false);
  isAsStaged();
});

it('cut short while it takes away, the same again ends it', () => {
  occupy();
  const half = (text: string) =>
    text.replace('  rm -rf "$drill"\n  portrait >', '  kill -9 $$$$\n  portrait >');
  expect(vacate(half).code).toBe(null);
  expect(vacate().code).toBe(0);
  isAsStaged();
});

it('a standby that is not as it was is told, and kept for the next try', () => {
  occupy();
  const spoilt = (text: string) =>
    text.replace(
      '  portrait >"$aside/after"',
      `  echo x >${at('stack', 'config', 'left')}\n  portrait >"$aside/after"`,
    );
  expect(vacate(spoilt)).toMatchObject({
    code: 65,
    said: expect.stringMatching(/not as it was before the drill: > \.\/config\/left f/),
  });
  expect(vacate().code).toBe(0);
  isAsStaged();
});

it.each([
  ['services that run', () => writeFileSync(at('runs'), ''), 'services of openclaw run here'],
  ['a state of its own', () => writeFileSync(at('stack', 'data', 'own'), 'x'), 'has a state of its own'],
])('%s are not touched', (_, make, said) => {
  make();
  expect(occupy()).toMatchObject({ code: 1, said: expect.stringContaining(said) });
  expect(existsSync(at('lib', 'dr-drill'))).toBe(false);
  expect(read('stack', 'docker-compose.yml')).toBe('staged\n');
});
