// A container that serves the whole lab at a fixed address: kept running, replaced when its image or words change.
import { fingerprint } from '../cache.js';
import { docker, tryDocker } from '../docker.js';
import { network } from '../network.js';

export interface Service {
  name: string;
  address: string;
  image: string;
  mounts?: readonly string[] | undefined;
}

/** Not `clincher-lab-NAME`: a lab host may be called so. */
export const serviceContainer = (name: string): string => `clincher-service-${name}`;

export async function ensureService(o: Service): Promise<void> {
  const id = serviceContainer(o.name);
  const recipe = fingerprint(JSON.stringify(o));
  const format = '{{.State.Running}} {{index .Config.Labels "clincher.service"}}';
  const now = await tryDocker(['container', 'inspect', '--format', format, id]);
  if (now.code === 0 && now.stdout.trim() === `true ${recipe}`) return;
  if (now.code === 0) await docker(['rm', '-fv', id]);
  const volumes = (o.mounts ?? []).flatMap((each) => ['-v', each]);
  const place = ['--network', network, '--ip', o.address, '--restart', 'unless-stopped'];
  const labels = ['--label', 'clincher.lab', '--label', `clincher.service=${recipe}`];
  await docker(['run', '-d', '--name', id, ...place, ...labels, ...volumes, o.image]);
}
