// Fifty servers on five lab hosts, each with an address and a user of its own, so that each run has work that must be done once.
import { setTimeout as sleep } from 'node:timers/promises';
import { FLEET } from '../../src/workflows/catalog.js';
import { labServer } from '../lab/config.js';
import type { LabHost } from '../lab/lab.js';
import { type Composed, KEY } from './composed.js';
import type { Proof } from './proof.js';
import { must } from './published.js';

export const HOSTS = 5;
export const RUNS = 50;
/** Where no lab host has its own address. */
const FIRST_OCTET = 150;

const nameOf = (n: number): string => `s${String(n).padStart(2, '0')}`;
export const addressOf = (n: number): string => `10.66.0.${FIRST_OCTET + n}`;

/** What clincher.yaml says of them. */
export async function logical(nodes: readonly LabHost[], key = KEY): Promise<Record<string, unknown>> {
  const servers: Record<string, unknown> = {};
  // Of ten runs that come to one fresh host at once, nine would find apt at work.
  for (const node of nodes) await must(node, 'apt-get -q update >/dev/null');
  for (let n = 0; n < RUNS; n += 1) {
    const node = nodes[n % HOSTS]!;
    const { ssh, ...rest } = (await labServer(node)) as { ssh: object };
    await must(node, `ip address replace ${addressOf(n)}/24 dev eth0`);
    servers[nameOf(n)] = {
      ...{ ...rest, address: addressOf(n) },
      ssh: { ...ssh, identity_file: key, user: `op-${nameOf(n)}` },
      stack: { enabled: false, directory: `/srv/claw-${nameOf(n)}` },
      channels: { telegram: { enabled: false } },
      docker: { source: 'distribution' },
    };
  }
  return servers;
}

export interface Seen {
  run: string;
  server: string;
  runbook: string;
  status: string;
  startedAt: string;
}

/** Newest first; a plane that is being disturbed is asked again. */
export async function runsOf(plane: Composed): Promise<Seen[]> {
  for (let i = 0; ; i += 1) {
    const { code, stdout, stderr } = await plane.cli('runs', '--limit', '500', '--json');
    if (code === 0)
      return (JSON.parse(stdout) as { runs: Seen[] }).runs.filter(({ runbook }) => runbook === 'provision');
    if (i === 60) throw new Error(`runs: ${stdout}${stderr}`);
    await sleep(1_000);
  }
}

const OPEN = ['running', 'waiting'];

export const openOf = async (plane: Composed): Promise<number> =>
  (await runsOf(plane)).filter(({ status }) => OPEN.includes(status)).length;

/** Starts one run a server that does this step, all at once. */
export async function start(proof: Proof, plane: Composed, step: string): Promise<string> {
  // By its own clock.
  const since = (await must(plane.host, 'date -u +%FT%TZ')).trim();
  const words = ['run', 'provision', '-s', 'all', '--only', step, '--yes', '--json', '--detach'];
  const started = await plane.cli(...words);
  proof.check(`${step}: ${RUNS} runs are started`, started.code === 8, started.stdout + started.stderr);
  return since;
}

/** So that something is to be lost: the first run of a wave goes alone, and most of them are over soon after. */
export async function waveOf(plane: Composed, atLeast = 10, withinMs = 60_000): Promise<number> {
  const until = Date.now() + withinMs;
  for (;;) {
    const open = await openOf(plane);
    if (open >= atLeast || Date.now() > until) return open;
  }
}

/** The run of each server that was begun since, once all have ended, and the one that begins them. */
export async function over(plane: Composed, since: string, withinMs = 500_000): Promise<Seen[]> {
  const until = Date.now() + withinMs;
  for (;;) {
    const all = (await runsOf(plane)).filter(({ startedAt }) => startedAt >= since);
    const own = all.filter(({ server }) => server !== FLEET);
    if (all.every(({ status }) => !OPEN.includes(status)) && own.length >= RUNS) return own;
    if (Date.now() > until) throw new Error(`not over: ${JSON.stringify(all.slice(0, 5))}`);
    await sleep(1_000);
  }
}

/** What was done, by what the hosts themselves wrote down. */
export async function once(proof: Proof, nodes: readonly LabHost[], step: string): Promise<void> {
  const lines = (await each(nodes, 'cut -d" " -f2- /var/log/clincher/audit.log')).flatMap((text) =>
    text.split('\n').filter((line) => line.includes(` ${step}`)),
  );
  const twice = lines.filter((line, i) => lines.indexOf(line) !== i);
  const servers = new Set(lines.map((line) => line.slice(0, 3)));
  proof.check(
    `${step}: ${lines.length} changes on ${servers.size} servers, none lost, none twice`,
    servers.size === RUNS && twice.length === 0 && lines.length % RUNS === 0,
    twice.join('\n') || lines.slice(0, 5).join('\n'),
  );
}

export const each = (nodes: readonly LabHost[], line: string): Promise<string[]> =>
  Promise.all(nodes.map(async (node) => (await node.exec(line)).stdout));
