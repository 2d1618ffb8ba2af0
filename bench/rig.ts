// What everything is measured on: a lab host, a state folder of its own, and clincher as it is shipped.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse, stringify } from 'yaml';
import type { Say } from '../scripts/patiently.js';
import { loadConfig, resolveServer } from '../src/config/load.js';
import type { Server } from '../src/model.js';
import { merge } from '../test/e2e/stage.js';
import { labAuthority } from '../test/lab/authority.js';
import { labServer } from '../test/lab/config.js';
import { type LabHost, type LabSpec, labDown, labFind, labUp } from '../test/lab/lab.js';
import { built } from './build.js';
import type { Span } from './spans.js';
import { mustTimed, type Timed } from './timed.js';

export interface SshSpan extends Span {
  kind: 'connection' | 'command';
}

export interface RigOptions {
  name: string;
  say: Say;
  /** The host of a former bench is taken as it is, and left up at the end. */
  keep: boolean;
  /** What clincher.yaml says of it besides how to reach it. */
  settings?: Tree;
  memory?: LabSpec['memory'];
  distro?: LabSpec['distro'];
}

type Tree = Record<string, unknown>;

/** Docker's own repository is not what is measured, and nobody is there to be asked for a token. */
const USUAL: Tree = {
  docker: { source: 'distribution' },
  channels: { telegram: { enabled: false } },
  stack: { enabled: false },
};

export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), 'clincher-bench-'));
  readonly configFile = join(this.folder, 'clincher.yaml');
  readonly home = join(this.folder, 'home');
  private readonly witness = join(this.folder, 'ssh.jsonl');
  server!: Server;

  private constructor(
    readonly host: LabHost,
    readonly isFresh: boolean,
    private readonly binary: string,
    private readonly options: RigOptions,
  ) {}

  static async up(options: RigOptions): Promise<Rig> {
    const { name, keep, say, memory, distro = 'debian12' } = options;
    const there = keep ? await labFind(name) : undefined;
    const [host] = await labUp([{ name, distro, ...(memory ? { memory } : {}) }], {
      say,
      fresh: there === undefined,
    });
    const rig = new Rig(host!, there === undefined, await built(say), options);
    await rig.#configure();
    await rig.#controlPlane();
    return rig;
  }

  get say(): Say {
    return this.options.say;
  }

  /** One command of clincher, the whole process. */
  clincher(...words: string[]): Promise<Timed> {
    return mustTimed(process.execPath, [this.binary, '--config', this.configFile, ...words], {
      env: this.#env(),
    });
  }

  /** Another runbook, to its end; throws where that is no good one. */
  async run(runbook: string, ...more: string[]): Promise<RunJson> {
    const words = ['run', runbook, '-s', this.host.name, '--yes', '--json', '--on-failure', 'abort', ...more];
    return JSON.parse((await this.clincher(...words)).stdout) as RunJson;
  }

  /** Changes what clincher.yaml says. */
  set(settings: Tree): void {
    const file = parse(readFileSync(this.configFile, 'utf8')) as { servers: Record<string, Tree> };
    file.servers[this.host.name] = merge(file.servers[this.host.name]!, settings);
    writeFileSync(this.configFile, stringify(file, { aliasDuplicateObjects: false }));
  }

  async provision(): Promise<{ ms: number; state: ProvisionJson; window: Span }> {
    const start = Date.now();
    const { ms, stdout } = await this.clincher('run', 'provision', '-s', this.host.name, '--yes', '--json');
    return { ms, state: JSON.parse(stdout) as ProvisionJson, window: { start, end: Date.now() } };
  }

  /** What the worker did over SSH, as seen at the SSH library. */
  sshSpans(): SshSpan[] {
    const lines = readFileSync(this.witness, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as SshSpan);
  }

  controlPlane(): ControlPlaneFile {
    return JSON.parse(readFileSync(join(this.home, 'control-plane.json'), 'utf8')) as ControlPlaneFile;
  }

  async down(): Promise<void> {
    await this.clincher('down').catch(() => undefined);
    if (!this.options.keep) await labDown([this.host.name]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #configure(): Promise<void> {
    const usual = merge((await labServer(this.host)) as Tree, USUAL);
    const wanted = merge(usual, this.options.settings ?? {});
    writeFileSync(this.configFile, stringify({ version: 1, servers: { [this.host.name]: wanted } }));
    if (this.options.settings) await this.clincher('images', 'lock');
    this.server = resolveServer(loadConfig(this.configFile), this.host.name);
  }

  /** The worker inherits the witness; commands that are timed do not. */
  async #controlPlane(): Promise<void> {
    mkdirSync(this.home, { mode: 0o700 });
    writeFileSync(this.witness, '');
    const preload = pathToFileURL(new URL('./ssh-witness.mjs', import.meta.url).pathname).href;
    const env = { ...this.#env(), NODE_OPTIONS: `--import ${preload}`, BENCH_SSH_WITNESS: this.witness };
    await mustTimed(process.execPath, [this.binary, 'up'], { env });
    // Returns once the worker answers: how long that takes is no part of any run.
    await this.clincher('status');
  }

  #env(): Record<string, string | undefined> {
    const cleared = [
      'TEMPORAL_ADDRESS',
      'TEMPORAL_PROFILE',
      'TEMPORAL_NAMESPACE',
      'CLINCHER_SERVER',
      'CLINCHER_CONFIG',
    ];
    return {
      ...Object.fromEntries(cleared.map((name) => [name, undefined])),
      CLINCHER_HOME: this.home,
      CLINCHER_IDENTITY: join(this.folder, 'identity.txt'),
      // Of the lab's image registry.
      NODE_EXTRA_CA_CERTS: labAuthority().file,
    };
  }
}

/** The part of clincher's answer that is used here. */
export interface ProvisionJson {
  run: string;
  status: string;
  outcome: Record<'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable', number>;
  steps: { id: string; status: string; startedAt?: string; durationMs?: number }[];
  remoteMs: number;
  startedAt: string;
  endedAt: string;
}

export interface RunJson extends ProvisionJson {
  upgrade?: { outcome: string; downtimeMs?: number };
  backups?: { manifest: { tookMs: number; contentBytes: number } }[];
}

export interface ControlPlaneFile {
  ports: { frontend: number };
  source: { kind: string; version: string };
  children: { worker: { pid: number } };
}
