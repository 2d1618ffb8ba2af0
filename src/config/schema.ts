// Every key of clincher.yaml: type, default, and a description that is its documentation. Server gives model.ts' type.
import * as z from 'zod';
import * as is from './fields.js';
import { SYSCTL } from './sysctl.js';

const memo = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const port = (): z.ZodInt => z.int().min(1).max(65535);
const text = is.text;

const sshEndpoint = () =>
  z.strictObject({
    address: text(is.address).describe('IP address or host name of the jump host.'),
    port: port().default(22).describe('Its SSH port. Default 22.'),
    user: text(is.userName).describe('User to log in as on the jump host.'),
    host_keys: z
      .array(text(is.fingerprint))
      .min(1)
      .describe('Fingerprints (`SHA256:…`) of the host keys that are accepted from the jump host.'),
  });

const ssh = () =>
  z.strictObject({
    user: text(is.deployUser)
      .default('deploy')
      .describe(
        'User that clincher creates and logs in as; member of sudo and docker. Default deploy (guide, Step 1).',
      ),
    port: port().default(9922).describe('SSH port after hardening. Default 9922 (guide, Step 1).'),
    host_keys: z
      .array(text(is.fingerprint))
      .default([])
      .describe(
        'Fingerprints (`SHA256:…`) of the host keys that are accepted. Empty: no connection is made. `clincher init` shows and pins them; compare them with your provider’s console.',
      ),
    first_contact: z
      .strictObject({
        user: text(is.userName)
          .default('root')
          .describe(
            'User of a server that nobody touched: root, or the cloud image’s (debian, ubuntu). Default root.',
          ),
        port: port().default(22).describe('Its SSH port. Default 22.'),
      })
      .prefault({})
      .describe('How a server is reached before it was hardened.'),
    identity_file: text(is.filePath)
      .optional()
      .describe(
        'Your private key file, `~` allowed; relative paths begin at this file. Absent: the SSH agent alone.',
      ),
    identity_passphrase: text(is.secretReference)
      .optional()
      .describe('Secret reference to the passphrase of `identity_file`.'),
    agent: z.boolean().default(true).describe('Whether keys of the SSH agent are offered. Default true.'),
    sudo_password: text(is.secretReference)
      .optional()
      .describe('Secret reference to the password for sudo, where it asks for one; it travels by stdin.'),
    authorized_keys: z
      .array(text(is.publicKey))
      .default([])
      .describe(
        'Public keys (lines of .pub files) that may log in as `user`. At least one; others are removed.',
      ),
    admin_addresses: z
      .array(text(is.adminNetwork))
      .default([])
      .describe(
        'Addresses or networks that may reach the SSH port, everybody else is dropped. At least one, unless `tailscale.ssh_only`.',
      ),
    jump: sshEndpoint()
      .optional()
      .describe('A host to go through, where the server is not reachable directly.'),
  });

const sysctl = () =>
  z
    .record(
      text(is.sysctlKey),
      z.union([text(() => undefined), z.int(), z.null()], {
        error: 'wants a whole number, text, or null to leave it alone',
      }),
    )
    .transform(withDefaults)
    .prefault({})
    .describe(
      'Kernel settings, on top of the defaults: the guide’s four and CIS hardening (src/config/sysctl.ts). `null` leaves a setting alone.',
    );

function withDefaults(own: Record<string, string | number | null>): Record<string, string> {
  const merged: Record<string, string | number | null> = { ...SYSCTL, ...own };
  const kept = Object.entries(merged).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([key, value]) => [key, String(value)]));
}

const system = () =>
  z.strictObject({
    sysctl: sysctl(),
    ipv6: z
      .boolean()
      .default(true)
      .describe('Whether the server uses IPv6. Default true; false turns it off (guide, Step 2).'),
    time_sync: z
      .boolean()
      .default(true)
      .describe('Keep the clock right by NTP: certificates and tokens fail on a wrong clock. Default true.'),
    unattended_upgrades: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Install security updates by themselves. Default true.'),
        reboot: z.boolean().default(true).describe('Reboot when an update needs it. Default true.'),
        reboot_time: text(is.timeOfDay)
          .default('05:00')
          .describe('When to reboot, HH:MM in the server’s time zone. Default 05:00 (guide, Step 13).'),
      })
      .prefault({})
      .describe('Security updates without a person.'),
  });

const docker = () =>
  z.strictObject({
    source: z
      .enum(['docker', 'distribution', 'present'])
      .default('docker')
      .describe(
        '`docker`: Docker’s signed APT repository (default); `distribution`: the packages of Debian or Ubuntu; `present`: what is installed already.',
      ),
    apt_repository: text(is.webAddress)
      .default('https://download.docker.com/linux')
      .describe('Where Docker’s APT repository is, for mirrors. Default https://download.docker.com/linux.'),
    dns: z
      .array(text(is.ip))
      .min(1)
      .default(['1.1.1.1', '8.8.8.8'])
      .describe('Name servers of containers. Default 1.1.1.1 and 8.8.8.8 (guide, Step 1).'),
    log_max_size: text(is.size)
      .default('10m')
      .describe('Size at which a container’s log is rotated (k, m, g). Default 10m.'),
    // daemon.json wants a text here, people write a number.
    log_max_file: z
      .union([z.int().min(1).max(100), text(is.fileCount)], { error: 'wants a whole number from 1 to 100' })
      .transform(String)
      .prefault(3)
      .describe('How many rotated logs a container keeps. Default 3.'),
    nofile: z
      .int()
      .min(1024)
      .max(1048576)
      .default(65536)
      .describe('Open files a container may have. Default 65536.'),
  });

const firewall = () =>
  z.strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('UFW and the rules for published container ports. Default true.'),
    web_sources: z
      .union([z.enum(['cloudflare', 'any', 'none']), z.array(text(is.network)).min(1)])
      .default('cloudflare')
      .describe(
        'Who may reach the web ports: `cloudflare` (its published ranges, default), `any`, `none`, or a list of addresses and networks.',
      ),
    web_ports: z
      .array(port())
      .min(1)
      .default([80, 443])
      .describe('TCP ports of the web. Default 80 and 443.'),
    fail2ban: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Ban addresses that fail to log in. Default true.'),
        max_retry: z.int().min(1).max(100).default(3).describe('Failures before a ban. Default 3.'),
        ban_seconds: z.int().min(1).default(3600).describe('Length of a ban, in seconds. Default 3600.'),
        find_seconds: z
          .int()
          .min(1)
          .default(600)
          .describe('Time in which failures are counted, in seconds. Default 600.'),
      })
      .prefault({})
      .describe('fail2ban on SSH; the admin addresses are never banned.'),
  });

const tailscale = () =>
  z.strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Join a tailnet (a person confirms it in the browser). Default false.'),
    ssh_only: z
      .boolean()
      .default(false)
      .describe(
        'Reach SSH over the tailnet alone; the public rule goes once a login over it was proved. Default false.',
      ),
    login_server: text(is.webAddress)
      .optional()
      .describe('Address of an own control server such as Headscale.'),
  });

const channels = () =>
  z.strictObject({
    telegram: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Talk to OpenClaw over Telegram. Default true.'),
        token: text(is.secretReference)
          .default('secret://<server>/telegram_bot_token')
          .describe(
            'Secret reference to BotFather’s token. Default secret://<server>/telegram_bot_token; a run asks for it when it is missing.',
          ),
      })
      .prefault({})
      .describe('The Telegram channel.'),
  });

const image = (repository: string, version: string, what: string) =>
  z
    .strictObject({
      repository: text(is.repository)
        .default(repository)
        .describe(`Image repository, for mirrors. Default ${repository}.`),
      version: text(is.imageVersion)
        .default(version)
        .describe(`Tag, \`@sha256:…\` may follow. Default ${version} (the guide’s).`),
    })
    .prefault({})
    .describe(what);

const stack = () =>
  z.strictObject({
    directory: text(is.folder)
      .default('/opt/openclaw')
      .describe('Folder of the stack on the server. Default /opt/openclaw.'),
    images: z
      .strictObject({
        openclaw: image('ghcr.io/openclaw/openclaw', '2026.3.13', 'OpenClaw, the gateway.'),
        litellm: image('ghcr.io/berriai/litellm', 'main-v1.81.3-stable', 'LiteLLM, the model proxy.'),
        redis: image('redis/redis-stack-server', '7.4.0-v3', 'Redis with RediSearch, the semantic cache.'),
        'docker-socket-proxy': image(
          'ghcr.io/tecnativa/docker-socket-proxy',
          'v0.4.2',
          'The only door to the Docker socket.',
        ),
      })
      .prefault({})
      .describe('Container images: each has a repository and a version.'),
  });

/** A server's keys as they stand in the file, except its name, which is the key above. */
export const serverSchema = memo(() =>
  z.strictObject({
    address: text(is.address).describe('IP address or host name of the server.'),
    role: z
      .enum(['primary', 'standby', 'monitor'])
      .default('primary')
      .describe(
        '`primary` runs the stack (default), `standby` waits to take over, `monitor` watches the others.',
      ),
    ssh: ssh().prefault({}).describe('How the server is reached, before and after hardening.'),
    system: system().prefault({}).describe('The operating system.'),
    docker: docker().prefault({}).describe('The Docker engine and its daemon.json.'),
    firewall: firewall().prefault({}).describe('What the network may reach.'),
    tailscale: tailscale()
      .prefault({})
      .describe('A private network instead of a public SSH port (guide, Step 2).'),
    channels: channels().prefault({}).describe('How people talk to OpenClaw.'),
    stack: stack().prefault({}).describe('The containers.'),
  }),
);

const controlPlane = () =>
  z.strictObject({
    address: text(is.hostAndPort)
      .optional()
      .describe(
        'host:port of a Temporal of your own. Absent: TEMPORAL_ADDRESS or a profile, else the embedded one.',
      ),
    namespace: text(is.plainName)
      .optional()
      .describe('Temporal namespace. Default: the profile’s, else `default`.'),
    profile: text(is.plainName)
      .optional()
      .describe('Profile of Temporal’s TOML configuration (mTLS, API key).'),
    task_queue: text(is.plainName)
      .default('clincher')
      .describe('Task queue between the command line and the workers. Default clincher.'),
  });

const secrets = () =>
  z.strictObject({
    vault: text(is.filePath)
      .default('./clincher.vault.age')
      .describe('The encrypted vault; relative paths begin at this file. Default ./clincher.vault.age.'),
    identity: text(is.filePath)
      .optional()
      .describe(
        'Key file that opens the vault; CLINCHER_IDENTITY wins over it. Default ~/.config/clincher/identity.txt.',
      ),
    vault_id: text(is.uuid)
      .optional()
      .describe(
        'Which vault belongs here; `clincher init` writes it. When it is set, a vault that is missing or another one is an error: it is never made anew.',
      ),
    recipients: z
      .array(text(is.ageRecipient))
      .default([])
      .describe(
        'Public keys (`age1…`) of everybody who may open the vault, you included. Empty: whoever could until now.',
      ),
  });

export const fileSchema = memo(() =>
  z.strictObject({
    version: z.literal(1).describe('Version of this file’s format: 1.'),
    defaults: serverSchema()
      .omit({ address: true })
      .optional()
      .describe(
        'Any server keys: they hold for every server that does not say otherwise. Maps merge, lists replace.',
      ),
    servers: z
      .record(text(is.serverName), serverSchema())
      .describe('The servers, by name: lower-case letters, digits and -, at most 30 characters.'),
    control_plane: controlPlane().prefault({}).describe('The Temporal that keeps the runs.'),
    secrets: secrets().prefault({}).describe('Where secret values are kept.'),
  }),
);

export type ServerSettings = z.output<ReturnType<typeof serverSchema>>;
/** What a server is before load.ts adds where its secrets are. */
export type NamedServer = ServerSettings & { name: string };
export type ControlPlane = z.output<ReturnType<typeof controlPlane>>;
export type SecretSettings = z.output<ReturnType<typeof secrets>>;
