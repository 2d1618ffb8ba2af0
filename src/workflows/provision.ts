// provision: from a server that nobody touched to a hardened host that runs a proved OpenClaw.
import { patched } from '@temporalio/workflow';
import type { RunInput, RunState } from '../model.js';
import { local } from './activities.js';
import { dnsRecord, TAILSCALE, tunnelRoute } from './by-hand.js';
import { hasPins, hasStack, isMonitor, isWatched, runsServices } from './catalog.js';
import { beWatched, watch } from './monitoring.js';
import { asPartition, partitionsOf } from './partitions.js';
import { secretQuestion } from './questions.js';
import { Run } from './run.js';
import { settled } from './settled.js';
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
  const tailnet = (): Promise<boolean>[] => [run.shows(TAILSCALE.id), run.agrees('harden.tailnet')];
  const { enabled } = run.server.tailscale;
  const looks = [run.agrees('base'), run.agrees('harden.host'), ...(enabled ? tailnet() : [])];
  return (await Promise.all(looks)).every(Boolean);
}

interface Manner {
  /** Who runs a part of the work, and may take its time. */
  part?: (name: 'start' | 'prove', work: () => Promise<void>) => Promise<void>;
  /** The devices are those of before, so nobody is expected to wait for being let in. */
  isKnown?: boolean;
}

/** The gateway is hardened before its first start, and reached from outside only when everything was proved. */
export async function stack(run: Run, { part = (_, work) => work(), isKnown }: Manner = {}): Promise<void> {
  await part('start', () => started(run));
  if (runsServices(run.server)) await part('prove', () => opened(run, isKnown === true));
}

async function started(run: Run): Promise<void> {
  await run.missingSecrets(secretQuestion);
  if (!hasStack(run.server)) return;
  if (hasPins(run.server) && patched('vetting')) await vet(run);
  await run.internalSecrets();
  await ownBots(run);
  await run.converge('stack');
  await run.converge('harden.openclaw');
  if (runsServices(run.server)) await run.converge('services');
}

/** The gateway runs by now, and talks to its channels; its door is opened when everything was proved. */
async function opened(run: Run, isKnown: boolean): Promise<void> {
  const proved = await run.prove();
  await byItsName(run, 'dns-record');
  await run.expose(proved);
  await byItsName(run, 'tunnel-route');
  await (patched('backup-beside') ? fromOutside(run, isKnown) : inTurn(run));
  if (isWatched(run.server) && patched('metrics')) await beWatched(run);
}

/** What needs none of that look goes on beside it: OpenClaw's command line takes seconds to say who waits. */
const fromOutside = (run: Run, isKnown: boolean): Promise<void> =>
  settled([run.proveExposed(), ...(isKnown ? [] : [lookWhoWaits(run)]), run.converge('backup')]);

/** As runs of before have it in their histories. */
async function inTurn(run: Run): Promise<void> {
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
