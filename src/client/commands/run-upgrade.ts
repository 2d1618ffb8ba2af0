// `--to` of an upgrade: the new version, as it is written into clincher.yaml before the run.
import { ClincherError } from '../../errors.js';
import type { ImageName, Server } from '../../model.js';
import { swappable } from '../../stack/swap.js';
import type { Runbook } from '../../workflows/catalog.js';
import type { Edit } from '../wanted.js';

export interface UpgradeOptions {
  image?: string;
  to?: string;
  only?: string | undefined;
  from?: string | undefined;
}

export function checkUpgrade({ name }: Runbook, options: UpgradeOptions, servers: readonly Server[]): void {
  if (name !== 'upgrade') mustNotName(name, options);
  if (name !== 'upgrade') return;
  if (options.only !== undefined || options.from !== undefined)
    throw new ClincherError('USAGE', 'An upgrade is one whole: it takes neither --only nor --from.');
  for (const server of servers) imageOf(server, options);
  if (options.to === undefined || /^[A-Za-z0-9_][\w.-]{0,127}(@sha256:[0-9a-f]{64})?$/.test(options.to))
    return;
  throw new ClincherError('USAGE', `"${options.to.slice(0, 40)}" is no tag of an image.`, {
    remedy: ['clincher run upgrade -s <server> --to 2026.9.6'],
  });
}

function mustNotName(name: string, { image, to }: UpgradeOptions): void {
  if (image === undefined && to === undefined) return;
  throw new ClincherError('USAGE', `--image and --to are of upgrade; ${name} takes neither.`);
}

function imageOf(server: Server, { image = 'openclaw' }: UpgradeOptions): ImageName {
  const names = swappable(server);
  const found = names.find((each) => each === image);
  if (found) return found;
  throw new ClincherError('USAGE', `${server.name} runs no image "${image}"; there are ${names.join(', ')}.`);
}

/** By server: where its version stands in clincher.yaml. */
export const versionWishes = (
  servers: readonly Server[],
  options: UpgradeOptions & { to: string },
): Map<string, Edit[]> =>
  new Map(servers.map((server) => [server.name, [[placeOf(server, options), options.to]]]));

const placeOf = (server: Server, options: UpgradeOptions): string[] => [
  ...['servers', server.name, 'stack', 'images', imageOf(server, options), 'version'],
];
