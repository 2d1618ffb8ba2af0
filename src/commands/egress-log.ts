// What the egress proxy wrote down since it was started: whom it let out, and whom it refused.
import type { Fact } from '../model.js';

export interface Spoken {
  /** Hosts, without ports. */
  allowed: Set<string>;
  denied: Set<string>;
}

interface Line {
  msg?: unknown;
  allow?: unknown;
  requested_host?: unknown;
}

function lineOf(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return {};
  }
}

export const spoken: Fact<Spoken> = {
  read: ['timeout', '60', 'docker', 'logs', 'openclaw-egress'],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim().split('\n').at(-1) || 'the egress proxy has no log');
    const decisions = `${stdout}\n${stderr}`
      .split('\n')
      .map(lineOf)
      .filter(({ msg }) => msg === 'CANONICAL-PROXY-DECISION');
    const hosts = (isLet: boolean): Set<string> =>
      new Set(
        decisions
          .filter(({ allow }) => (allow === true) === isLet)
          .map(({ requested_host: host }) => String(host).replace(/:\d+$/, '')),
      );
    return { allowed: hosts(true), denied: hosts(false) };
  },
};
