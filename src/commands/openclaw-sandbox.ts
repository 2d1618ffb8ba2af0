// Where OpenClaw runs the tools of its main agent, in its own words: `openclaw sandbox explain`.
import type { Fact } from '../model.js';
import { offline } from './openclaw.js';

export interface SandboxPolicy {
  /** `off`, `non-main` or `all` */
  mode: string;
  workspaceAccess: string;
  /** Tools may run on the host, outside of any sandbox. */
  isElevated: boolean;
}

export const sandboxPolicy: Fact<SandboxPolicy> = {
  read: offline('sandbox', 'explain', '--json'),
  parse({ stdout, stderr }) {
    const start = stdout.search(/^\{(?!"time")/m);
    if (start < 0)
      throw new Error(stderr.trim().split('\n').at(-1) || 'openclaw said nothing of its sandbox');
    const said = JSON.parse(stdout.slice(start)) as {
      sandbox: { mode: string; workspaceAccess: string };
      elevated?: { enabled?: boolean };
    };
    const { mode, workspaceAccess } = said.sandbox;
    return { mode, workspaceAccess, isElevated: said.elevated?.enabled === true };
  },
};

/** What Docker answers the gateway, by exit code: is the sandbox's image there, and may it list every container. */
export interface ThroughDoor {
  image: number;
  everything: number;
  said: string;
}

const ASK = `docker image inspect "$1" >/dev/null 2>/tmp/said; echo $?; docker ps >/dev/null 2>&1; echo $?; head -c 300 /tmp/said; rm -f /tmp/said`;

export const throughDoor = (image: string): Fact<ThroughDoor> => ({
  read: ['timeout', '60', 'docker', 'exec', 'openclaw', 'sh', '-c', ASK, 'sh', image],
  parse({ stdout, stderr, exitCode }) {
    const [first = '', second = '', ...said] = stdout.split('\n');
    if (exitCode !== 0 || !/^\d+$/.test(first) || !/^\d+$/.test(second))
      throw new Error(
        stderr.trim().split('\n').at(-1) || `the gateway’s container ended it with ${exitCode}`,
      );
    return { image: Number(first), everything: Number(second), said: said.join(' ').trim() };
  },
});
