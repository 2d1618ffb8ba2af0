// Keeps the server, its web UI and the worker running, and says in one file how they are.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { dirname } from 'node:path';
import { bareEnv } from './bare-env.js';
import { buildId } from './build-id.js';
import { Child } from './child.js';
import { EncryptionCodec } from './codec.js';
import { startCodecEndpoint } from './codec-endpoint.js';
import { self } from './identity.js';
import { codecIsOff, loadKeys } from './keys.js';
import { tail } from './logs.js';
import { endOrphans } from './orphans.js';
import { entryWords, makeFolder, stateDir } from './paths.js';
import { choosePorts, PORT_NAMES, type PortName, type Ports } from './ports.js';
import { prepareApart } from './prepare.js';
import { type ChildSpec, serverSpec, uiSpec } from './server.js';
import type { Layout } from './server-config.js';
import { findLocalServer, keepSource, type LocalSource, type Say } from './server-source.js';
import { addressOf, type ChildName, type SupervisorState, writeState } from './state.js';

const GRACE_MS: Record<ChildName, number> = { worker: 20_000, ui: 3_000, server: 10_000 };

export class Supervision {
  private readonly state: SupervisorState = {
    phase: 'starting',
    supervisor: self(),
    startedAt: new Date().toISOString(),
    children: {},
    build: buildId(),
  };
  private readonly children: Partial<Record<ChildName, Child>> = {};
  private codec: Server | undefined;
  private preparing: ChildProcess | undefined;
  /** False once the state folder is no longer ours to write to. */
  private saves = true;

  constructor(private readonly say: Say) {}

  async start(): Promise<void> {
    await endOrphans(this.say);
    this.save();
    this.state.source = await findLocalServer(this.say);
    keepSource(this.state.source);
    this.state.ports = await choosePorts();
    await this.startCodec();
    this.add('server', () => this.serverCommand());
    if (uiSpec(this.source, this.layout())) this.add('ui', () => this.uiCommand());
    await Promise.all([this.children.server?.start(), this.children.ui?.start(), this.ready()]);
    if (this.state.phase !== 'starting') return;
    this.add('worker', () => this.workerCommand());
    await this.children.worker?.start();
    this.state.phase = 'up';
    this.save();
  }

  /** The worker first: what it holds is given back to a server that still listens. */
  async stop({ saved, error }: { saved: boolean; error?: string | undefined }): Promise<void> {
    this.saves = saved;
    this.state.phase = 'stopping';
    this.save();
    this.preparing?.kill();
    for (const name of ['worker', 'ui', 'server'] as const) await this.children[name]?.stop(GRACE_MS[name]);
    this.codec?.close();
    this.state.phase = error === undefined ? 'stopped' : 'failed';
    if (error !== undefined) this.state.error = error;
    this.save();
  }

  /** Several commands of a new build may ask for it. */
  async restartWorker(): Promise<void> {
    if (this.state.build === buildId()) return;
    this.state.build = buildId();
    this.save();
    await this.children.worker?.restart(GRACE_MS.worker);
  }

  private get source(): LocalSource {
    return this.state.source!;
  }

  private get ports(): Ports {
    return this.state.ports!;
  }

  private layout = (): Layout => ({ folder: stateDir(), ports: this.ports, codec: !codecIsOff() });

  private save(): void {
    for (const [name, child] of Object.entries(this.children)) {
      this.state.children[name as ChildName] = child.state;
    }
    if (this.saves) writeState(this.state);
  }

  private add(name: ChildName, command: () => Promise<{ words: string[]; env: NodeJS.ProcessEnv }>): void {
    const onChange = () => this.save();
    this.children[name] = new Child({ name, command, onChange, say: this.say });
  }

  private async serverCommand() {
    await this.keepPorts(serverPorts(this.source));
    return { words: written(serverSpec(this.source, this.layout())), env: bareEnv() };
  }

  private async uiCommand() {
    await this.keepPorts(['ui']);
    return { words: written(uiSpec(this.source, this.layout())!), env: bareEnv() };
  }

  /** The operator's own environment: the SSH agent is reached by it, and secret sources may be in it. */
  private async workerCommand() {
    const env = { ...process.env, CLINCHER_EMBEDDED_ADDRESS: addressOf(this.ports) };
    return { words: entryWords('worker'), env };
  }

  /** Between a fall and a restart somebody may have taken a port: then all move, and say so. */
  private async keepPorts(names: readonly PortName[]): Promise<void> {
    const before = this.ports;
    this.state.ports = await choosePorts(names);
    if (names.every((name) => before[name] === this.ports[name])) return;
    this.say('a port is taken by another program; moving to free ones');
    this.save();
    if (names.includes('frontend')) void this.followServer();
  }

  private async followServer(): Promise<void> {
    await Promise.all([
      this.children.ui?.restart(GRACE_MS.ui),
      this.children.worker?.restart(GRACE_MS.worker),
    ]);
  }

  private async startCodec(): Promise<void> {
    if (codecIsOff()) return;
    loadKeys();
    this.codec = await startCodecEndpoint({
      port: this.ports.codec,
      uiPort: () => this.ports.ui,
      codec: () => new EncryptionCodec(),
    });
  }

  private async ready(): Promise<void> {
    this.preparing = prepareApart(addressOf(this.ports));
    const [code] = await once(this.preparing, 'exit');
    if (code === 0 || this.state.phase !== 'starting') return;
    throw new Error(`the server does not become ready: ${tail('server', 3).join(' | ')}`);
  }
}

const UI_OF_CLI: readonly PortName[] = ['frontend', 'frontendHttp', 'metrics', 'ui'];
const serverPorts = (source: LocalSource): readonly PortName[] =>
  source.kind === 'cli' ? UI_OF_CLI : PORT_NAMES.filter((name) => name !== 'ui' && name !== 'codec');

function written(spec: ChildSpec): string[] {
  for (const [path, content] of Object.entries(spec.files)) {
    makeFolder(dirname(path));
    writeFileSync(path, content, { mode: 0o600 });
  }
  return spec.words;
}
