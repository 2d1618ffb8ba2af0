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
