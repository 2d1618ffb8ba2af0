// faults day2: whatever happens to the worker, the connection or the registry in the middle, a server is in one state or the other.
import { setTimeout as sleep } from 'node:timers/promises';
import { BROKEN, ensureBroken } from '../lab/images/broken.js';
import { registryName } from '../lab/images/registry.js';
import { ensureTwin } from '../lab/images/twin.js';
import type { LabHost } from '../lab/lab.js';
import { newSeed, seeded } from './chance.js';
import type { CliProcess, CliResult } from './cli.js';
import { stepBegins } from './moments.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { told } from './verdicts.js';

/** `CLINCHER_FAULT_KINDS=phases,upgrade` runs some of them, on a host of its own; by default all. */
const KINDS = process.env['CLINCHER_FAULT_KINDS']?.split(',');
const chosen = (kind: string): boolean => KINDS?.includes(kind) ?? true;
const NAME = ['unlucky', ...(KINDS?.slice(0, 1) ?? [])].join('-');
const OLD = '2026.3.13';
const NEWEST = '2026.9.6';
/** Moments of chance for each kind of run, in turn for the worker and for the connection. */
const POINTS = Number(process.env['CLINCHER_FAULTS'] ?? 10);

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  twin: string;
  chance: () => number;
}

/** A run, about how long it takes, and how it may end. */
interface Work {
  what: string;
  words: (scene: Scene) => Promise<string[]>;
  ms: number;
  /** Exit codes that are right; 6 where it was aborted. */
  codes: readonly number[];
}

const running = (host: LabHost): Promise<string> =>
  must(host, `docker inspect -f '{{.Config.Image}}' openclaw`);
const isTwin = async ({ host, twin }: Scene): Promise<boolean> => (await running(host)).includes(`:${twin}@`);

const upgrade = async (scene: Scene): Promise<string[]> => [
  ...['upgrade', '--to', (await isTwin(scene)) ? OLD : scene.twin],
];

const WORKS: readonly Work[] = [
  { what: 'backup', words: async () => ['backup'], ms: 35_000, codes: [0] },
  { what: 'rotation', words: async () => ['rotate-token'], ms: 30_000, codes: [0, 1] },
  { what: 'upgrade', words: upgrade, ms: 150_000, codes: [0, 1] },
  {
    what: 'rollback',
    words: async () => ['upgrade', '--to', BROKEN['never starts'].tag],
    ms: 170_000,
    codes: [1],
  },
];

export async function faultsDay2(proof: Proof): Promise<void> {
  const seed = newSeed();
  proof.figure('seed (CLINCHER_SEED repeats it)', seed);
  if (KINDS) proof.figure('kinds', KINDS.join(', '));
  await onStage(proof, async (stage) => {
    const say = (line: string): void => proof.say(line);
    const { host } = await provisionedStack(proof, stage, NAME, {
      more: () => ({ upgrade: { watch_minutes: 0 } }),
    });
    const twin = await ensureTwin(say);
    await ensureBroken('never starts', say);
    const scene = { proof, stage, host, twin, chance: seeded(seed) };
    for (const step of PHASES) if (chosen('phases')) await cancelled(scene, step);
    if (chosen('registry')) await registryGone(scene);
    if (chosen('disk')) await diskFull(scene);
    for (const work of WORKS.filter(({ what }) => chosen(what)))
      for (let n = 0; n < POINTS; n += 1) await struck(scene, work, n % 2 === 0 ? 'worker' : 'connection');
    const end = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
    proof.check('at the end verify is green', end.code === 0, told(end));
  });
}

const start = ({ stage }: Scene, words: readonly string[]) =>
  stage.start(['run', ...words, '-s', NAME, '--yes', '--json', '--on-failure', 'abort'], {
    timeoutMs: 1_200_000,
  });

/** All of the worker's: its next command needs a new login. */
const CUT = `pkill -KILL -f '^sshd(-session)?: (root|deploy)' || true`;

async function struck(
  scene: Scene,
  { what, words, ms, codes }: Work,
  fault: 'worker' | 'connection',
): Promise<void> {
  const { stage, host, proof, chance } = scene;
  const after = Math.round(chance() * ms);
  const viewer = start(scene, await words(scene));
  await sleep(after);
  if (fault === 'worker') await stage.plane.signal('worker', 'SIGKILL');
  else await host.exec(CUT);
  const ended = await stage.toTheEnd(viewer, NAME);
  const when = `${what}, ${fault} ${fault === 'worker' ? 'killed' : 'cut'} after ${(after / 1000).toFixed(1)} s`;
  proof.check(`${when}: it came to an end`, codes.includes(ended.code), told(ended));
  await oneOfTwo(scene, when);
}

/** Not half of anything: what runs, what it runs on, and what the configuration says are of one version. */
async function oneOfTwo(scene: Scene, when: string): Promise<void> {
  const { proof, stage, host, twin } = scene;
  const image = await running(host);
  const version = image.includes(`:${twin}@`) ? twin : OLD;
  stage.set(NAME, { stack: { images: { openclaw: { version } } } });
  const seen = await must(host, STATE);
  const wanted = `leftovers: 0\npaused: 0\nready: 200\ntoken: 200\nfiles: ${image}`;
  proof.check(
    `${when}: one of two states, and nothing left over`,
    seen === wanted && /:2026\.3\.13(-r\d+)?@/.test(image),
    `${seen}\nwanted\n${wanted}`,
  );
  const { stdout } = await stage.cli(['secrets', 'ls', '-s', NAME]);
  proof.check(`${when}: the vault holds one token`, !stdout.includes('_before'), stdout);
  const lock = await stage.cli(['lock', 'status', '-s', NAME]);
  proof.check(
    `${when}: the server is free`,
    lock.code === 0 && !/held|locked by/i.test(lock.stdout),
    lock.stdout,
  );
}

const STATE = `cd ${FOLDER}
echo "leftovers: $( { ls -d monitoring/backups/.half-* monitoring/backups/.upgrade/before monitoring/backups/.upgrade/part /var/lib/clincher/drill /var/lib/clincher/mark; docker ps -aq --filter name=openclaw-drill; } 2>/dev/null | wc -l)"
echo "paused: $(docker ps -q --filter status=paused | wc -l)"
for n in $(seq 120); do docker exec openclaw curl -fsS -o /dev/null http://127.0.0.1:18789/readyz 2>/dev/null && break; sleep 1; done
docker exec openclaw node -e '
const fs = require("fs"), base = "http://127.0.0.1:18789";
const token = JSON.parse(fs.readFileSync("/home/node/.config/clincher/secrets.json")).gatewayToken;
const headers = { authorization: "Bearer " + token, "content-type": "application/json" };
(async () => {
  console.log("ready: " + (await fetch(base + "/readyz")).status);
  console.log("token: " + (await fetch(base + "/tools/invoke", { method: "POST", headers, body: JSON.stringify({ tool: "sessions_list", args: {} }) })).status);
})()'
echo "files: $(grep -m 1 -o 'image: .*openclaw/openclaw:.*' docker-compose.yml | cut -d ' ' -f 2)"`;

/** Where a person says abort; the last is after the swap, when everything is proved once more. */
const PHASES = ['stack.images', 'upgrade.copy', 'upgrade.trial', 'upgrade.hold', 'stack.services'] as const;

async function cancelled(scene: Scene, step: string): Promise<void> {
  const { stage, host, proof } = scene;
  const before = await running(host);
  await must(host, ': >/var/log/clincher/audit.log');
  const viewer = start(scene, await upgrade(scene));
  // The image may be there already: then nothing of it begins.
  await begun(scene, viewer, step === 'stack.images' ? 'backup.make' : step);
  const aborted = await stage.cli(['abort', '@last', '-s', NAME]);
  const ended: CliResult = await stage.toTheEnd(viewer, NAME);
  const when = `upgrade, aborted at ${step}`;
  proof.check(`${when}: it ends as aborted`, ended.code === 6, aborted.stdout + aborted.stderr + told(ended));
  proof.check(`${when}: what ran before runs`, (await running(host)) === before, await running(host));
  await oneOfTwo(scene, when);
}

/** A run that ends before it comes to the step is told in its own words. */
async function begun({ host }: Scene, viewer: CliProcess, step: string): Promise<void> {
  const over = viewer.ended.then((ended) => {
    throw new Error(`ended before ${step} began: ${told(ended)}`);
  });
  await Promise.race([stepBegins(host, step, 600_000), over]);
  over.catch(() => {});
}

/** What is needed was pulled before anything was touched. */
async function registryGone(scene: Scene): Promise<void> {
  const { stage, host, proof } = scene;
  await must(host, ': >/var/log/clincher/audit.log');
  const viewer = start(scene, await upgrade(scene));
  await begun(scene, viewer, 'upgrade.copy');
  await must(host, `ip route add blackhole ${registryName.split(':')[0]}`);
  const ended = await stage.toTheEnd(viewer, NAME);
  await must(host, `ip route del blackhole ${registryName.split(':')[0]}`);
  proof.check('registry gone between pull and swap: upgraded all the same', ended.code === 0, told(ended));
  await oneOfTwo(scene, 'registry gone between pull and swap');
}

/** A version of which nothing is there yet: what shares its layers with the running one needs no room. */
async function diskFull(scene: Scene): Promise<void> {
  const { stage, host, proof } = scene;
  const before = await running(host);
  const full = 'mkdir -p /var/lib/docker/tmp && mount -t tmpfs -o size=4m tmpfs /var/lib/docker/tmp';
  await must(host, full);
  const ended = await stage.toTheEnd(start(scene, ['upgrade', '--to', NEWEST]), NAME);
  await must(host, 'umount /var/lib/docker/tmp');
  proof.check('disk full during the pull: refused', ended.code === 1, told(ended));
  proof.check('and said', /no space left/i.test(ended.stdout + ended.stderr), told(ended));
  proof.check('and what ran before runs', (await running(host)) === before);
  await oneOfTwo(scene, 'disk full during the pull');
  const again = await stage.toTheEnd(start(scene, await upgrade(scene)), NAME);
  proof.check('with room again: upgraded', again.code === 0, told(again));
}
