// A stage for the long proofs: lab hosts, a clincher.yaml and a control plane of their own, and nothing left behind.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { labAuthority } from '../lab/authority.js';
import { labServer } from '../lab/config.js';
import { type LabHost, type LabSpec, labDown, labUp } from '../lab/lab.js';
import { type CliOptions, type CliProcess, type CliResult, cliWords, startCli } from './cli.js';
import { Plane } from './plane.js';

type Tree = Record<string, unknown>;

export interface StageOptions {
  say(line: string): void;
  /** clincher as it is shipped, instead of from source: where its speed is measured. */
  binary?: string;
}

export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'cl-'));
  readonly home = join(this.folder, 'h');
  readonly config = join(this.folder, 'clincher.yaml');
  readonly plane = new Plane(this.home);
  readonly #folders = [this.folder];
  readonly #hosts = new Map<string, LabHost>();
  #servers: Record<string, Tree> = {};
  #rest: Tree = {};

  constructor(private readonly options: StageOptions) {
    mkdirSync(this.home, { mode: 0o700 });
    this.write({});
  }

  say(line: string): void {
    this.options.say(line);
  }

  host(name: string): LabHost {
    const found = this.#hosts.get(name);
    if (!found) throw new Error(`no host ${name} on this stage`);
    return found;
  }

  /** Fresh hosts, which the configuration then names. */
  async hosts(specs: readonly LabSpec[], settings: Tree = {}): Promise<LabHost[]> {
    const hosts = await labUp(specs, { say: (line) => this.say(line), fresh: true });
    for (const host of hosts) {
      this.#hosts.set(host.name, host);
      this.#servers[host.name] = merge(merge((await labServer(host)) as Tree, usual), settings);
    }
    this.write(this.#servers);
    return hosts;
  }

  /** A host that takes another's place says nothing but where it is. */
  standby(name: string, primary: string): void {
    const { address, ssh } = this.#servers[name] as { address: string; ssh: Tree };
    const { host_keys, first_contact } = ssh;
    this.#servers[name] = {
      ...{ address, role: 'standby', standby_for: primary },
      ssh: { host_keys, ...(first_contact ? { first_contact } : {}) },
    };
    this.write(this.#servers);
  }

  /** What clincher.yaml says besides its servers. */
  everywhere(rest: Tree): void {
    this.#rest = rest;
    this.write(this.#servers);
  }

  /** The key that opens the vault of this stage. */
  identity(): string {
    return readFileSync(join(this.folder, 'identity.txt'), 'utf8');
  }

  /** After a command that has written into clincher.yaml. */
  reread(): void {
    this.#servers = (parse(readFileSync(this.config, 'utf8')) as { servers: Record<string, Tree> }).servers;
  }

  /** Changes what clincher.yaml says of one server. */
  set(name: string, settings: Tree): void {
    this.#servers[name] = merge(this.#servers[name] ?? {}, settings);
    this.write(this.#servers);
  }

  /** Servers that are no lab hosts of their own. */
  add(servers: Record<string, Tree>): void {
    Object.assign(this.#servers, servers);
    this.write(this.#servers);
  }

  /** Takes a key out of what clincher.yaml says of one server. */
  forget(name: string, path: readonly string[]): void {
    const parent = path
      .slice(0, -1)
      .reduce<Tree>((tree, key) => tree[key] as Tree, this.#servers[name] ?? {});
    delete parent[path.at(-1) ?? ''];
    this.write(this.#servers);
  }

  server(name: string): Tree {
    return this.#servers[name] ?? {};
  }

  start(words: readonly string[], options: CliOptions & { env?: Record<string, string> } = {}): CliProcess {
    const { binary } = this.options;
    return startCli(words, { ...this.env, ...options.env }, this.folder, { binary, ...options });
  }

  /** For whoever starts it by other means. */
  words(words: readonly string[]): [string, ...string[]] {
    return cliWords(words, this.options.binary);
  }

  cli(
    words: readonly string[],
    options: CliOptions & { env?: Record<string, string> } = {},
  ): Promise<CliResult> {
    return this.start(words, options).ended;
  }

  async up(): Promise<void> {
    const { code, stderr } = await this.cli(['up']);
    if (code !== 0) throw new Error(`clincher up: exit ${code}\n${stderr}`);
  }

  startProvision(name: string): CliProcess {
    const words = ['run', 'provision', '-s', name, '--yes', '--json', '--on-failure', 'ask'];
    return this.start(words, { timeoutMs: 260_000 });
  }

  /** `run provision` as scripts do it: yes, JSON; a failed step opens a gate. */
  provision(name: string, ...more: string[]): Promise<CliResult> {
    const words = ['run', 'provision', '-s', name, '--yes', '--json', '--on-failure', 'ask', ...more];
    return this.cli(words, { timeoutMs: 900_000 });
  }

  /** The run's end, whatever became of the command that started it: a viewer may leave, the run goes on. */
  async toTheEnd(viewer: CliProcess, name: string): Promise<CliResult> {
    let seen = await viewer.ended;
    for (let i = 0; i < 5 && ![0, 6, 8].includes(seen.code); i += 1) {
      this.say(`  the viewer left with ${seen.code}: ${seen.stderr.trim().split('\n').slice(-5)[0]}`);
      await this.plane.running('worker');
      const words = ['follow', '@last', '-s', name, '--json', '--timeout', '4m'];
      seen = await this.cli(words, { timeoutMs: 260_000 });
    }
    return seen;
  }

  async drop(...names: string[]): Promise<void> {
    for (const name of names) {
      this.#hosts.delete(name);
      delete this.#servers[name];
    }
    this.write(this.#servers);
    await labDown(names);
  }

  /** A folder beside the stage's own that goes with it. */
  alsoClear(folder: string): void {
    this.#folders.push(folder);
  }

  async close(): Promise<void> {
    await this.cli(['down']).catch(() => {});
    await labDown([...this.#hosts.keys()]);
    if (process.env['CLINCHER_KEEP_STAGE']) return;
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  get env(): Record<string, string> {
    return {
      CLINCHER_HOME: this.home,
      CLINCHER_CONFIG: this.config,
      CLINCHER_IDENTITY: join(this.folder, 'identity.txt'),
      // Of the lab's image registry.
      NODE_EXTRA_CA_CERTS: labAuthority().file,
    };
  }

  private write(servers: Record<string, Tree>): void {
    writeFileSync(
      this.config,
      stringify({ version: 1, servers, ...this.#rest }, { aliasDuplicateObjects: false }),
    );
  }
}

/** Docker's own repository is not what these proofs are about. Gates that want a person are tested where they are meant. */
const usual: Tree = {
  docker: { source: 'distribution' },
  channels: { telegram: { enabled: false } },
  stack: { enabled: false },
};

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function merge(base: Tree, over: Tree): Tree {
  const merged = Object.entries(over).map(([key, value]) => {
    const old = base[key];
    return [key, isTree(old) && isTree(value) ? merge(old, value) : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

/** Opens a stage, does the work and clears everything away, whatever happens. */
export async function onStage<T>(options: StageOptions, work: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = new Stage(options);
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}
