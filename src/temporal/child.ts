// One child of the supervisor: kept running, restarted with growing patience, ended in order.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { end, type Identity, identify } from './identity.js';
import { openLog } from './logs.js';
import type { ChildName, ChildState } from './state.js';

export interface ChildOptions {
  name: ChildName;
  /** Asked before each start: what it answers may have changed, ports for instance. */
  command: () => Promise<{ words: string[]; env: NodeJS.ProcessEnv }>;
  onChange: () => void;
  say: (line: string) => void;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
/** Up for so long, and the next fall is a new story. */
const STEADY_MS = 30_000;

export const nextWait = (waitMs: number, upMs: number) =>
  upMs >= STEADY_MS ? FIRST_WAIT_MS : Math.min(waitMs * 2, LONGEST_WAIT_MS);

export class Child {
  readonly state: ChildState = { restarts: 0 };
  private process: ChildProcess | undefined;
  private waitMs = FIRST_WAIT_MS;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: ChildOptions) {}

  /** Its output goes to a file and not to us, so it survives us. */
  async start(): Promise<void> {
    if (this.stopped || this.process) return;
    const { words, env } = await this.options.command();
    if (this.stopped) return;
    const log = openLog(this.options.name);
    const began = Date.now();
    const child = spawn(words[0]!, words.slice(1), { env, stdio: ['ignore', log, log] });
    closeSync(log);
    this.process = child;
    child.once('error', (error) => this.ended(began, error.message));
    child.once('exit', (code, signal) => this.ended(began, signal ?? `exit ${code}`));
    this.remember(child.pid === undefined ? undefined : identify(child.pid));
  }

  /** Ends it; it comes back by itself, as `command` then says. */
  async restart(graceMs: number): Promise<void> {
    this.waitMs = FIRST_WAIT_MS / 2;
    await end(this.identity(), graceMs);
  }

  async stop(graceMs: number): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await end(this.identity(), graceMs);
  }

  private identity(): Identity | undefined {
    const { pid, start } = this.state;
    return pid === undefined || start === undefined ? undefined : { pid, start };
  }

  private remember(identity: Identity | undefined): void {
    delete this.state.pid;
    delete this.state.start;
    Object.assign(this.state, identity);
    this.options.onChange();
  }

  private ended(began: number, why: string): void {
    if (!this.process) return;
    this.process = undefined;
    this.remember(undefined);
    if (this.stopped) return;
    this.waitMs = nextWait(this.waitMs, Date.now() - began);
    this.state.restarts++;
    this.options.say(`${this.options.name} ended (${why}); starting it again in ${this.waitMs} ms`);
    this.timer = setTimeout(() => void this.startAgain(), this.waitMs);
  }

  private async startAgain(): Promise<void> {
    try {
      await this.start();
    } catch (error) {
      this.options.say(`${this.options.name} cannot be started: ${String(error)}`);
      this.timer = setTimeout(() => void this.startAgain(), LONGEST_WAIT_MS);
    }
  }
}
