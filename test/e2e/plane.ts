// The control plane of a stage as its own state file tells it: who runs, and what can be done to them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildName, SupervisorState } from '../../src/temporal/state.js';

export type Part = ChildName | 'supervisor';

export class Plane {
  constructor(private readonly home: string) {}

  state(): SupervisorState | undefined {
    try {
      return JSON.parse(readFileSync(join(this.home, 'control-plane.json'), 'utf8')) as SupervisorState;
    } catch {
      return undefined;
    }
  }

  pid(part: Part): number | undefined {
    const state = this.state();
    return part === 'supervisor' ? state?.supervisor.pid : state?.children[part]?.pid;
  }

  /** Waits until the part runs, then sends the signal. Returns the pid that it went to. */
  async signal(part: Part, name: NodeJS.Signals): Promise<number> {
    const pid = await this.running(part);
    process.kill(pid, name);
    return pid;
  }

  async running(part: Part, withinMs = 60_000): Promise<number> {
    const until = Date.now() + withinMs;
    for (;;) {
      const pid = this.pid(part);
      if (pid !== undefined && isThere(pid)) return pid;
      if (Date.now() > until) throw new Error(`the ${part} does not come back within ${withinMs / 1000} s`);
      await sleep(20);
    }
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
