// What a server needs to copy its backups elsewhere: rclone's configuration, and systemd's timer for it. Pure.
import { PROGRAM } from '../commands/backup-program.js';
import { OFFSITE_CONF } from '../commands/offsite-program.js';
import type { OwnedFile } from '../commands/owned-files.js';
import type { OffsiteSettings, Server } from '../model.js';
import { ownerOf, token } from '../stack/tokens.js';

export const OFFSITE_TIMER = 'clincher-offsite.timer';
export const OFFSITE_SERVICE = 'clincher-offsite.service';
export const GUARD_SERVICE = 'clincher-guard.service';
const KNOWN_HOSTS = '/etc/clincher/offsite-known-hosts';
const UNITS = '/etc/systemd/system';
const MARK = '# Written by clincher (backup.offsite).\n';

/** Everything of it that a server may have: where it is turned off, none of these stays. */
export const OFFSITE_PATHS: readonly string[] = [
  OFFSITE_CONF,
  KNOWN_HOSTS,
  `${UNITS}/${OFFSITE_SERVICE}`,
  `${UNITS}/${OFFSITE_TIMER}`,
  `${UNITS}/${GUARD_SERVICE}`,
];

const folderOf = ({ type, bucket, path }: OffsiteSettings): string =>
  type === 'sftp' ? path : `${bucket}/${path.replace(/^\//, '')}`;

/** rclone puts a colon and the port behind it. */
const hostOf = ({ host = '' }: OffsiteSettings): string => (host.includes(':') ? `[${host}]` : host);

type Copied = Pick<Server, 'name' | 'standby_for' | 'backup'>;

/** The far end in rclone's words, and in a person's: where that changes, nothing is there yet. */
export function farEnd(server: Copied): {
  remote: string;
  where: string;
} {
  const { offsite } = server.backup;
  if (offsite === undefined) return { remote: '', where: '' };
  const { type, user, port, endpoint = 'https://s3.amazonaws.com' } = offsite;
  const folder = `${folderOf(offsite)}/${ownerOf(server)}`;
  const whose = {
    s3: `s3:${endpoint.replace(/\/$/, '')}/`,
    b2: 'b2:',
    sftp: `sftp://${user}@${hostOf(offsite)}:${port}/`,
  };
  return { remote: `offsite:${folder}`, where: `${whose[type]}${folder}` };
}

/** Lines of backup.conf. What an object store shows was sent to its end; a file of another server may be half. */
export function offsiteConf(server: Copied): string {
  const { offsite } = server.backup;
  const { remote, where } = farEnd(server);
  return `OFFSITE='${remote}'\nWHERE='${where}'\nOFFSITE_HALF=${offsite?.type === 'sftp' ? '.half' : ''}\nOFFSITE_KEEP_DAYS=${offsite?.keep_days ?? ''}\n`;
}

/** The shell of the other server is asked for nothing: it may have none. */
const sftp = (offsite: OffsiteSettings): Record<string, string> => ({
  host: hostOf(offsite),
  port: `${offsite.port}`,
  user: `${offsite.user}`,
  key_pem: token(offsite.key),
  known_hosts_file: KNOWN_HOSTS,
  disable_hashcheck: 'true',
  shell_type: 'none',
});

/** The bucket is there already, and the key need not be able to look for it, or to make one. */
const s3 = ({
  provider,
  endpoint,
  region,
  access_key,
  secret_key,
}: OffsiteSettings): Record<string, string> => ({
  provider,
  ...(endpoint === undefined ? {} : { endpoint: endpoint.replace(/\/$/, '') }),
  ...(region === undefined ? {} : { region }),
  access_key_id: token(access_key),
  secret_access_key: token(secret_key),
  no_check_bucket: 'true',
});

const b2 = ({ access_key, secret_key }: OffsiteSettings): Record<string, string> => ({
  account: token(access_key),
  key: token(secret_key),
});

const KINDS = { s3, b2, sftp };
const SECRET_KEYS = ['access_key_id', 'secret_access_key', 'account', 'key', 'key_pem'];

function rcloneConf(offsite: OffsiteSettings): OwnedFile {
  const settings = { type: offsite.type, ...KINDS[offsite.type](offsite) };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  return {
    path: OFFSITE_CONF,
    content: `${MARK}[offsite]\n${lines.join('')}`,
    mode: '0600',
    format: 'ini',
    keys: Object.keys(settings).filter((key) => !SECRET_KEYS.includes(key)),
  };
}

/** sshd(8): a port other than 22 stands beside the name in brackets. */
function knownHosts({ host, port, host_keys }: OffsiteSettings): OwnedFile {
  const name = port === 22 ? `${host}` : `[${host}]:${port}`;
  const lines = host_keys.map((key) => `${name} ${key.split(' ').slice(0, 2).join(' ')}\n`);
  return { path: KNOWN_HOSTS, content: `${MARK}${lines.join('')}`, mode: '0644' };
}

/** `offsite` sends, `pull` takes in. */
const serviceText = (verb: 'offsite' | 'pull'): string => `${MARK}[Unit]
Description=Copies of OpenClaw's backups${verb === 'pull' ? ' from' : ''} elsewhere
Wants=network-online.target
After=network-online.target
[Service]
Type=oneshot
ExecStart=${PROGRAM} ${verb}
Nice=10
IOSchedulingClass=idle
TimeoutStartSec=24h
`;

const TIMER_TEXT = `${MARK}[Unit]
Description=What was not copied yet, every hour
[Timer]
OnCalendar=hourly
RandomizedDelaySec=10m
Persistent=true
[Install]
WantedBy=timers.target
`;

/** Before Docker, which would start the gateway: a server whose place was taken while it was off must not. */
const GUARD_TEXT = `${MARK}[Unit]
Description=Whether another server goes on in this one's place
Wants=network-online.target
After=network-online.target
Before=docker.service
[Service]
Type=oneshot
ExecStart=${PROGRAM} guard
TimeoutStartSec=90s
[Install]
WantedBy=multi-user.target
`;

/** The timer comes last. */
export function offsiteFiles({ backup: { offsite }, role }: Pick<Server, 'backup' | 'role'>): OwnedFile[] {
  if (offsite === undefined) return [];
  return [
    rcloneConf(offsite),
    ...(offsite.type === 'sftp' ? [knownHosts(offsite)] : []),
    {
      path: `${UNITS}/${OFFSITE_SERVICE}`,
      content: serviceText(role === 'standby' ? 'pull' : 'offsite'),
      mode: '0644',
    },
    ...(role === 'standby' ? [] : [{ path: `${UNITS}/${GUARD_SERVICE}`, content: GUARD_TEXT, mode: '0644' }]),
    { path: `${UNITS}/${OFFSITE_TIMER}`, content: TIMER_TEXT, mode: '0644' },
  ];
}
