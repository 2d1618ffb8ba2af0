// The host's program as it puts a backup into its place: on a bare server, once, and never over a state that somebody lives on.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONF, PROGRAM_TEXT } from '../../src/commands/backup-program.js';

const ID = '20261127T030000Z';
let folder = '';
const at = (...names: string[]): string => join(folder, ...names);

/** What unpacks is proved on a real host; here it leaves a state, a decision and a volume where it would have put them. */
const UNFOLD = String.raw`unfold() { cat >/dev/null; took=1000
  mkdir -p "$drill/opt/openclaw/data" "$drill/var/lib/clincher" "$drill/var/lib/docker/volumes/openclaw_caddy-data/_data"
  echo "memory of $1" >"$drill/opt/openclaw/data/MEMORY.md"; echo '[]' >"$drill/var/lib/clincher/vetted.json"
  echo key >"$drill/var/lib/docker/volumes/openclaw_caddy-data/_data/root.key"; }
unfold_for_real() {`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recover-'));
  mkdirSync(at('kept', ID), { recursive: true });
  writeFileSync(at('kept', ID, 'manifest.json'), `{"id":"${ID}","stack":"/opt/openclaw"}\n`);
  docker();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `running`: what `docker ps -q` answers, or how it fails. */
function docker(running = ':'): void {
  const text = `SERVER=prod\nSTACK=${at('stack')}\nBACKUPS=${at('kept')}\nPROJECT=openclaw\nRECIPIENTS=/none\nOFFSITE=\n
rsync() { cp -alf "$4." "$5"; }
docker() { case "$1 $2" in
  'ps -q') ${running} ;;
  'volume inspect') [ "$3" != -f ] || { mkdir -p ${at('volume')}; echo ${at('volume')}; return; }; [ -e ${at('made')} ] ;;
  'volume create') echo "$@" >${at('made')} ;;
  esac; }\n`;
  writeFileSync(at('conf'), text);
}

function recover(id = ID): { code: number | null; said: string } {
  const text = PROGRAM_TEXT.replaceAll(CONF, at('conf'))
    .replaceAll('/run/clincher', at('run'))
    .replaceAll(/(?<!drill"?)\/var\/lib\/clincher/g, at('lib'))
    .replace('unfold() {', UNFOLD);
  writeFileSync(at('program'), text);
  const done = spawnSync('bash', [at('program'), 'recover', id], { encoding: 'utf8', input: 'key\n' });
  return { code: done.status, said: done.stdout + done.stderr };
}
const memory = (): string => readFileSync(at('stack', 'data', 'MEMORY.md'), 'utf8');

it('a bare server has it all: state, what people decided, volumes as compose makes them', () => {
  expect(recover()).toMatchObject({ code: 0, said: expect.stringContaining(`recovered ${ID}: read in 1 s`) });
  expect(memory()).toBe(`memory of ${ID}\n`);
  expect(readFileSync(at('lib', 'vetted.json'), 'utf8')).toBe('[]\n');
  expect(readFileSync(at('volume', 'root.key'), 'utf8')).toBe('key\n');
  expect(readFileSync(at('made'), 'utf8')).toContain(
    '--label com.docker.compose.project=openclaw --label com.docker.compose.volume=caddy-data openclaw_caddy-data',
  );
  expect(existsSync(at('lib', 'drill'))).toBe(false);
});

it('asked again it does nothing, whatever has been written since', () => {
  recover();
  writeFileSync(at('stack', 'data', 'MEMORY.md'), 'since then\n');
  expect(recover()).toEqual({ code: 0, said: `${ID} is in its place already\n` });
  expect(memory()).toBe('since then\n');
});

it('cut off half way, the same again goes on', () => {
  recover();
  rmSync(at('lib', 'recovered'));
  writeFileSync(at('stack', 'data', 'MEMORY.md'), 'half\n');
  expect(recover().code).toBe(0);
  expect(memory()).toBe(`memory of ${ID}\n`);
});

it('services that run, a state that is there, and a Docker that does not answer are not written over', () => {
  docker('echo 0123abcd');
  expect(recover()).toMatchObject({
    code: 1,
    said: expect.stringContaining('services of openclaw run here'),
  });
  docker('return 1');
  expect(recover()).toMatchObject({ code: 1, said: expect.stringContaining('Docker does not answer') });
  docker();
  mkdirSync(at('stack', 'data'), { recursive: true });
  writeFileSync(at('stack', 'data', 'MEMORY.md'), 'mine\n');
  expect(recover()).toMatchObject({ code: 1, said: expect.stringContaining('a state of its own') });
  expect(memory()).toBe('mine\n');
});
