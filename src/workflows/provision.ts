// provision: from a server that nobody touched to a hardened host that runs a proved OpenClaw.
import { patched } from '@temporalio/workflow';
import type { RunInput, RunState } from '../model.js';
import { local } from './activities.js';
import { dnsRecord, TAILSCALE, tunnelRoute } from './by-hand.js';
import { hasPins, hasStack, isMonitor, isWatched, runsServices } from './catalog.js';
import { beWatched, watch } from './monitoring.js';
import { asPartition, gatewaysOf, partitionsOf } from './partitions.js';
import { secretQuestion } from './questions.js';
import { Run } from './run.js';
import { settled } from './settled.js';
import { addNote } from './state.js';
import { vet } from './vetting.js';
import { lookWhoWaits } from './who-waits.js';

export async function provision(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'provision');
  return run.tell(async () => {
    await hardenedHost(run);
    if (isMonitor(run.server) && patched('monitoring')) return watch(run);
    if (patched('stack')) return stack(run);
    const { telegram } = run.server.channels;
    if (telegram.enabled) await run.secret(telegram.token, secretQuestion(telegram.token));
  });
}

/** A way in that is ours, Docker, the firewall; and the tailnet, where that is wanted. */
export async function hardenedHost(run: Run): Promise<void> {
  await run.converge('base');
  await run.converge('harden.host');
  if (!run.server.tailscale.enabled) return;
  await run.manual(TAILSCALE.id, TAILSCALE);
  await run.converge('harden.tailnet');
}

/** Whether that would find nothing to do: only looks, at everything at once. */
export async function isHardened(run: Run): Promise<boolean> {
  const { enabled } = run.server.tailscale;
  const checklists = ['base', 'harden.host', ...(enabled ? ['harden.tailnet'] : [])];
  const looks = [agreesAll(run, checklists), ...(enabled ? [run.shows(TAILSCALE.id)] : [])];
  return (await Promise.all(looks)).every(Boolean);
}

interface Manner {
  /** Who runs a part of the work, and may take its time. */
  part?: (name: 'start' | 'prove', work: () => Promise<void>) => Promise<void>;
  /** From a backup of this very server: most likely everything agrees, and no new device waits for being let in. */
  isRestored?: boolean;
}

/** The gateway is hardened before its first start, and reached from outside only when everything was proved. */
export async function stack(run: Run, { part = inTurn, isRestored = false }: Manner = {}): Promise<void> {
  await part('start', () => started(run, isRestored));
  if (run.input.isProvedLater) return;
  if (runsServices(run.server)) await part('prove', () => opened(run, isRestored));
}

const inTurn: NonNullable<Manner['part']> = (_, work) => work();

async function started(run: Run, isRestored: boolean): Promise<void> {
  await run.missingSecrets(secretQuestion);
  if (!hasStack(run.server)) return;
  if (hasPins(run.server) && patched('vetting')) await vet(run);
  await run.internalSecrets();
  await ownBots(run);
  if (!isRestored || !(await agreesAll(run, ['stack', 'harden.openclaw']))) {
    await run.converge('stack');
    await run.converge('harden.openclaw');
  }
  if (runsServices(run.server)) await run.converge('services');
}

/** Of each gateway, and all at once. */
async function agreesAll(run: Run, checklists: readonly string[]): Promise<boolean> {
  const looks = checklists.flatMap((checklist) =>
    gatewaysOf(run.server, checklist, undefined).map((view) => run.agrees(checklist, view)),
  );
  const isAll = (await Promise.all(looks)).every(Boolean);
  if (isAll) addNote(run.state, 'agrees', `${checklists.join(', ')}: nothing is left to do`);
  return isAll;
}

/** The gateway runs by now, and talks to its channels; its door is opened when everything was proved. */
async function opened(run: Run, isRestored: boolean): Promise<void> {
  const proved = await run.prove();
  await byItsName(run, 'dns-record');
  await run.expose(proved);
  await byItsName(run, 'tunnel-route');
  await (patched('backup-beside') ? fromOutside(run, isRestored) : afterOutside(run));
  if (isWatched(run.server) && patched('metrics')) await beWatched(run);
}

/** What needs none of that look goes on beside it: OpenClaw's command line takes seconds to say who waits. */
const fromOutside = (run: Run, isRestored: boolean): Promise<void> =>
  settled([run.proveExposed(), ...(isRestored ? [] : [lookWhoWaits(run)]), run.converge('backup')]);

/** As runs of before have it in their histories. */
async function afterOutside(run: Run): Promise<void> {
  const beside = patched('pairing-beside');
  await settled([run.proveExposed(), ...(beside ? [lookWhoWaits(run)] : [])]);
  if (!beside && patched('pairing')) await lookWhoWaits(run);
  if (patched('backup')) await run.converge('backup');
}

/** A partition whose bot is somebody else's would take that one's messages away. */
async function ownBots(run: Run): Promise<void> {
  for (const name of partitionsOf(run.server))
    await run.within(asPartition(name), () =>
      run.attempt('bot', `The bot of ${name} is nobody else’s`, () => local.ownBot({ server: run.server })),
    );
}

/** A public name is given by a person: to Caddy before it asks for a certificate, to a tunnel once that is there. */
async function byItsName(run: Run, record: 'dns-record' | 'tunnel-route'): Promise<void> {
  const { kind, tls } = run.server.proxy;
  if (!patched('public-name')) return;
  if (record === 'dns-record' && kind === 'caddy' && tls === 'acme')
    await run.manual(record, dnsRecord(run.server));
  if (record === 'tunnel-route' && kind === 'tunnel') await run.manual(record, tunnelRoute(run.server));
}
