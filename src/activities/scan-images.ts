// Has trivy look at each image that the server runs, one after the other: it takes memory that a small host needs itself.
import { judgeImage } from '../checks/image-holes.js';
import { holesIn, type KnownHoles } from '../commands/trivy.js';
import type { CheckResult, Proof, Server } from '../model.js';
import { services } from '../stack/services.js';
import type { Deps } from './deps.js';
import { type Host, Meter } from './host.js';

const TIMEOUT_MS = 16 * 60_000;

export async function scanImages(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<Proof> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const checks: CheckResult[] = [];
  for (const { service, image } of services(server))
    checks.push(judgeImage(service, image, await scanned(host, image, signal), server));
  return { checks, outside: '', remoteMs: meter.remoteMs, remote: meter.spans, roundTrips: meter.roundTrips };
}

async function scanned(host: Host, image: string, signal?: AbortSignal): Promise<KnownHoles | null | Error> {
  const fact = holesIn(image);
  const [reading] = await host.read([fact.read], { timeoutMs: TIMEOUT_MS, signal });
  try {
    return fact.parse(reading!);
  } catch (error) {
    return error as Error;
  }
}
