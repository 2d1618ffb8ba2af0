// The lab: disposable servers with real systemd, sshd and room for dockerd, to provision, to break and to throw away.
import { ensureDockerEngine } from '../../scripts/docker-engine.js';
import { ensurePackages } from '../../scripts/packages.js';
import type { Say } from '../../scripts/patiently.js';
import { type Container, createContainer, findContainer, listContainers } from './container.js';
import { revive, settled, toHost } from './host.js';
import { ensureImage, imageAvailable } from './image.js';
import type { Distro, LabHost, LabSpec, SshMode } from './model.js';
import { ensureNetwork } from './network.js';
import { forgetKnownHosts, sshRun } from './ssh.js';

export { type LabKey, labKey } from './key.js';
export type { Distro, ExecResult, LabHost, LabSpec, SshMode } from './model.js';

export interface LabOptions {
  say?: Say | undefined;
  /** Hosts of these names that are there already are thrown away first. */
  fresh?: boolean | undefined;
}

/** Returns when every host has booted and, where it is new, a login by ssh was seen to work. */
export async function labUp(specs: readonly LabSpec[], o: LabOptions = {}): Promise<LabHost[]> {
  const say = o.say ?? (() => {});
  await prepare(say);
  if (o.fresh) await labDown(specs.map((spec) => spec.name));
  const images = new Map<Distro, Promise<string>>();
  const imageFor = (distro: Distro): Promise<string> => {
    images.set(distro, images.get(distro) ?? ensureImage(distro, say));
    return images.get(distro)!;
  };
  // One that fails does not leave the others half-way.
  const ups = await Promise.allSettled(specs.map((spec) => up(spec, imageFor, say)));
  return ups.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

export async function labFind(name: string): Promise<LabHost | undefined> {
  const found = await findContainer(name);
  return found && toHost(found);
}

export async function labList(): Promise<Container[]> {
  return listContainers();
}

/** Without names: every lab host on this machine, whoever made it. */
export async function labDown(names?: readonly string[]): Promise<void> {
  const there = await listContainers();
  const wanted = names ? there.filter((each) => names.includes(each.name)) : there;
  await Promise.all(wanted.map(async (each) => (await toHost(each)).remove()));
  for (const { name } of wanted) forgetKnownHosts(name);
}

export async function labAvailable(distro: Distro): Promise<{ ok: true } | { ok: false; reason: string }> {
  await ensureDockerEngine({ say: () => {} });
  return imageAvailable(distro, () => {});
}

async function prepare(say: Say): Promise<void> {
  await ensureDockerEngine({ say });
  await ensurePackages(['openssh-client'], { say });
  await ensureNetwork();
}

async function up(spec: LabSpec, imageFor: (distro: Distro) => Promise<string>, say: Say): Promise<LabHost> {
  const there = await findContainer(spec.name);
  if (there) return reuse(there, spec, say);
  const distro = spec.distro ?? 'debian12';
  const sshMode = spec.sshMode ?? usualMode(distro);
  const image = await imageFor(distro);
  await createContainer({ ...spec, distro, sshMode, image, memory: spec.memory ?? '2g' });
  const state = await settled(spec.name);
  const host = await toHost((await findContainer(spec.name))!);
  await login(host);
  say(
    `${host.name} is up: ${distro}, ssh.${sshMode}, root@${host.address}${state === 'running' ? '' : ` (${state})`}`,
  );
  return host;
}

async function reuse(there: Container, spec: LabSpec, say: Say): Promise<LabHost> {
  const differs =
    (spec.distro ?? there.distro) !== there.distro || (spec.sshMode ?? there.sshMode) !== there.sshMode;
  const is = `${there.name} is there already: ${there.distro}, ssh.${there.sshMode}`;
  if (differs) throw new Error(`${is}. First: npm run lab -- down ${there.name}`);
  await revive(there);
  say(`${is}, 10.66.0.${there.octet}`);
  return toHost((await findContainer(there.name)) ?? there);
}

function usualMode(distro: Distro): SshMode {
  return distro === 'ubuntu24' ? 'socket' : 'service';
}

async function login(host: LabHost): Promise<void> {
  let said = '';
  for (let i = 0; i < 20; i++) {
    const result = await sshRun(host, 'true');
    if (result.code === 0) return;
    said = result.stderr.trim();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`${host.name} has booted, but root cannot log in at ${host.address}: ${said}`);
}
