// Cross-checks of `backup.offsite`: what each kind of far end needs, and what would not be one.
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

type Offsite = NonNullable<NamedServer['backup']['offsite']>;

const NEEDS: Record<Offsite['type'], readonly (keyof Offsite)[]> = {
  s3: ['bucket'],
  b2: ['bucket'],
  sftp: ['host', 'user'],
};

export function checkOffsite({ backup: { offsite }, address }: NamedServer): Finding[] {
  if (offsite === undefined) return [];
  return [...missing(offsite), ...pinned(offsite), ...endpoint(offsite), ...itself(offsite, address)];
}

const missing = (offsite: Offsite): Finding[] =>
  NEEDS[offsite.type]
    .filter((key) => offsite[key] === undefined)
    .map((key) =>
      finding(`backup.offsite.${key}`, `is missing: \`backup.offsite.type: ${offsite.type}\` needs it`),
    );

/** Whoever answers in its place would get every backup, and nobody would miss them. */
function pinned({ type, host, port, host_keys }: Offsite): Finding[] {
  if (type !== 'sftp' || host_keys.length > 0) return [];
  return [
    finding(
      'backup.offsite.host_keys',
      `is empty, so anybody could stand in for that server; \`ssh-keyscan -p ${port} ${host ?? '<host>'}\` prints them, to be compared with what the server itself says`,
    ),
  ];
}

function endpoint({ type, provider, endpoint: address }: Offsite): Finding[] {
  if (type !== 's3' || provider === 'AWS' || address !== undefined) return [];
  return [finding('backup.offsite.endpoint', 'is missing: only `provider: AWS` needs none')];
}

const itself = ({ type, host }: Offsite, address: string): Finding[] =>
  type === 'sftp' && host === address
    ? [finding('backup.offsite.host', 'is this server itself: what is copied there is gone with it')]
    : [];
