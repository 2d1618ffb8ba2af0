// Which secret `rotate-key` is to replace: looked up in the configuration before anything is contacted.
import { defaultReference } from '../../config/default-secrets.js';
import type { Config } from '../../config/load.js';
import { didYouMean } from '../../config/nearest.js';
import { ClincherError } from '../../errors.js';
import type { GivenSecret, HeldSecret, Server } from '../../model.js';
import { parseReference, SHARED } from '../../secrets/reference.js';
import { shownReference } from '../../secrets/sources.js';
import { heldSecrets } from '../../stack/held-secrets.js';
import type { Runbook } from '../../workflows/catalog.js';
import type { Io } from '../io.js';

interface Options {
  secret?: string | undefined;
}

/** clincher makes these itself, so that nobody has to be asked for a new one. */
const OWN = ['litellm_master_key', 'redis_password'];

/** Those have runbooks of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  gateway_token: 'clincher run rotate-token -s',
  backup_key: 'clincher run rotate-backup-key -s',
};

/** As a rotation is started with it. */
export function rotationOf(server: Server, { secret }: Options): { secret?: string; given?: GivenSecret } {
  if (secret === undefined) return {};
  if (OWN.includes(secret)) return { secret };
  const found = placesOf(server, secret);
  return { given: { ref: found[0]!.ref, isExposing: found.some(({ isExposing }) => isExposing) } };
}

export function checkSecret(
  io: Io,
  { name }: Runbook,
  { secret }: Options,
  config: Config,
  servers: readonly Server[],
): void {
  if (name !== 'rotate-key' && secret === undefined) return;
  if (name !== 'rotate-key')
    throw new ClincherError('USAGE', `--secret is of rotate-key; ${name} takes none.`, {
      remedy: [`clincher run rotate-key --secret ${secret}`],
    });
  for (const server of servers) checkOne(server, secret);
  if (secret !== undefined && !OWN.includes(secret)) tellOthers(io, config, servers, secret);
}

function checkOne(server: Server, secret: string | undefined): void {
  if (secret === undefined) throw unknown(server, 'rotate-key is told which one.');
  if (OWN.includes(secret)) return;
  const [place] = placesOf(server, secret);
  if (place === undefined)
    throw unknown(server, `${server.name} uses no secret "${secret.slice(0, 60)}"`, secret);
  const reference = parseReference(place.ref);
  if ('problem' in reference || reference.kind === 'vault') return;
  const shown = shownReference(reference);
  throw new ClincherError(
    'USAGE',
    `${place.path} of ${server.name} comes from ${shown}, which clincher reads and cannot change: rotate it there.`,
    {
      remedy: [
        `change what ${shown} gives`,
        `clincher run provision -s ${server.name}`,
        `or keep it in the vault: clincher secrets set ${nameOf(server, place)} -s ${server.name}, and take ${place.path} out of clincher.yaml`,
      ],
    },
  );
}

function unknown(server: Server, message: string, secret?: string): ClincherError {
  const names = [...OWN, ...heldSecrets(server).map((place) => nameOf(server, place))];
  const elsewhere = ELSEWHERE[secret ?? ''];
  const guess = secret === undefined ? '' : didYouMean(secret, names) || '.';
  return new ClincherError('USAGE', `${message}${guess}`, {
    evidence: [`${server.name} has ${[...new Set(names)].join(', ')}`],
    remedy:
      elsewhere === undefined
        ? [`clincher run rotate-key -s ${server.name} --secret <name>`, 'clincher secrets ls']
        : [`${elsewhere} ${server.name}`],
  });
}

/** By its name in the vault, by its reference, or by its key in clincher.yaml. */
const placesOf = (server: Server, text: string): HeldSecret[] => {
  const found = heldSecrets(server).find(
    (place) => [place.path, place.ref].includes(text) || nameOf(server, place) === text,
  );
  return found === undefined ? [] : heldSecrets(server).filter(({ ref }) => ref === found.ref);
};

/** One that is not in the vault is called as it would be there. */
function nameOf({ name }: Server, { ref, path }: HeldSecret): string {
  const inVault = ref.startsWith('secret://') ? ref : defaultReference(name, path.split('.'));
  return inVault?.split('/').at(-1) ?? path;
}

/** One value for several servers: two of them at once would undo each other, and the rest learns of it by a run of its own. */
function tellOthers(io: Io, config: Config, servers: readonly Server[], secret: string): void {
  const [{ ref } = { ref: '' }] = placesOf(servers[0]!, secret);
  if (!ref.startsWith(`secret://${SHARED}/`)) return;
  if (servers.length > 1)
    throw new ClincherError('USAGE', `${ref} is one value for several servers: rotate it on one of them.`, {
      remedy: [`clincher run rotate-key -s ${servers[0]?.name} --secret ${secret}`],
    });
  const others = Object.values(config.servers).filter(
    (server) => server.name !== servers[0]?.name && heldSecrets(server).some((place) => place.ref === ref),
  );
  for (const { name } of others)
    io.err(`${name} uses ${ref} too, and has the old value until: clincher run provision -s ${name}\n`);
}
