// What was seen of a control plane, judged. Pure.
import type { Listener } from '../commands/control-plane.js';
import type { CheckResult, Server } from '../model.js';
import { CONTROL_PORTS } from '../stack/control.js';

const LOOPBACK = /^(127\.0\.0\.1|\[::1\])$/;

export function judgedPorts(listening: readonly Listener[], published: readonly string[]): CheckResult {
  const silent = CONTROL_PORTS.filter((port) => !listening.some((each) => each.port === port));
  const open = [
    ...listening
      .filter(({ address, port }) => CONTROL_PORTS.includes(port) && !LOOPBACK.test(address))
      .map(({ address, port }) => `${address}:${port}`),
    ...published.filter((each) => !each.startsWith('127.0.0.1:')),
  ];
  const evidence = [
    ...silent.map((port) => `nobody listens on 127.0.0.1:${port}`),
    ...[...new Set(open)].map((each) => `${each} is open to others`),
  ];
  return {
    id: 'control.loopback',
    title: 'Temporal, its web UI and the codec endpoint answer on loopback, and nowhere else',
    why: 'Temporal asks nobody who they are, and histories can be read at the codec endpoint.',
    source: 'docs/control-plane.md',
    vantage: 'host',
    verdict: evidence.length === 0 ? 'pass' : 'fail',
    evidence: evidence.length === 0 ? CONTROL_PORTS.map((port) => `127.0.0.1:${port}`) : evidence,
    remedy:
      evidence.length === 0 ? [] : ['clincher run control-plane -s <server>', 'ss -ltnp   (on the server)'],
  };
}

/** `said`: what a run that failed said last; absent, it did not fail. */
export const judgedRun = (servers: readonly Server[], said: readonly string[] | undefined): CheckResult => ({
  id: 'control.reach',
  title: 'A run that is begun there is taken up by a worker, and gets into every server',
  why: 'Whoever is in charge of a server and cannot reach it watches nothing, and mends nothing.',
  source: 'docs/control-plane.md',
  vantage: 'host',
  verdict: said === undefined ? 'pass' : 'fail',
  evidence: said === undefined ? [servers.map(({ name }) => name).join(', ')] : [...said],
  remedy:
    said === undefined
      ? []
      : [
          'ssh.admin_addresses of each server must hold the address of the monitor; then: clincher run harden -s all',
        ],
});
