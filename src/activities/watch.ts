// Watches the world for a manual step to be done, so that its gate closes by itself.
import { ClincherError } from '../errors.js';
import { PROBES } from '../steps/probes.js';
import type { ProbeInput, ProbeResult } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';

const EVERY_MS = 5_000;

export async function probe(
  deps: Deps,
  { server, probe: name }: ProbeInput,
  beat: Beat,
): Promise<ProbeResult> {
  const { read, seen } = PROBES[name] ?? missing(name);
  const host = await deps.hosts.open(server, new Meter());
  const [reading] = await host.read([read(server)], { signal: beat.signal });
  return seen(reading?.stdout ?? '', server);
}

export async function watch(deps: Deps, input: ProbeInput, beat: Beat): Promise<ProbeResult> {
  for (;;) {
    const result = await probe(deps, input, beat);
    if (result.done) return result;
    if (result.note) beat.say(`${result.note}\n`);
    await deps.sleep(EVERY_MS, beat.signal);
  }
}

function missing(probe: string): never {
  throw new ClincherError('INTERNAL', `there is no probe ${probe}`);
}
