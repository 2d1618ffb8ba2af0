// Every key of clincher.yaml: type, default, and a description that is its documentation. A server has model.ts' type.
import * as z from 'zod';
import * as is from './fields.js';
import { text } from './fields.js';
import * as stackIs from './fields-stack.js';
import { alerts } from './schema-alerts.js';
import { backup } from './schema-backup.js';
import { channels, proxy } from './schema-channels.js';
import { convenience } from './schema-convenience.js';
import { failover } from './schema-failover.js';
import { docker, firewall, system, tailscale } from './schema-host.js';
import { monitoring } from './schema-monitoring.js';
import { DEFAULT_PROVIDERS, memory, models, openclaw, providers } from './schema-openclaw.js';
import { partitions } from './schema-partitions.js';
import { redteam } from './schema-redteam.js';
import { schedules } from './schema-schedules.js';
import { ssh } from './schema-ssh.js';
import { stack } from './schema-stack.js';
import { upgrade } from './schema-upgrade.js';
import { watchdog } from './schema-watchdog.js';

/** Built on first use: the command line loads this file for every command. */
const memo = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

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
    standby_for: text(is.serverName)
      .optional()
      .describe(
        'Of a standby: the primary whose place it takes. It is as that one is, secrets and copies of backups included: besides this, `role` and `address` it says nothing but `ssh.host_keys` and `ssh.first_contact`.',
      ),
    failover: failover().prefault({}).describe('How its place is taken by its standby (guide, Step 13.9).'),
    ssh: ssh().prefault({}).describe('How the server is reached, before and after hardening.'),
    system: system().prefault({}).describe('The operating system.'),
    docker: docker().prefault({}).describe('The Docker engine and its daemon.json.'),
    firewall: firewall().prefault({}).describe('What the network may reach.'),
    tailscale: tailscale()
      .prefault({})
      .describe('A private network instead of a public SSH port (guide, Step 2).'),
    channels: channels().prefault({}).describe('How people talk to OpenClaw.'),
    stack: stack().prefault({}).describe('The containers.'),
    providers: providers()
      .default(DEFAULT_PROVIDERS)
      .describe(
        'Model providers, by name. Each that is used opens a way out. Default: anthropic and voyage.',
      ),
    models: models().prefault({}).describe('Which models answer, and what each may cost.'),
    openclaw: openclaw().prefault({}).describe('OpenClaw’s own settings.'),
    memory: memory().prefault({}).describe('What OpenClaw remembers.'),
    proxy: proxy().prefault({}).describe('How the gateway is reached from outside.'),
    backup: backup().prefault({}).describe('Copies for the day on which the server is gone.'),
    upgrade: upgrade().prefault({}).describe('How carefully one version gives way to another.'),
    schedules: schedules()
      .prefault({})
      .describe('What starts by itself, once `clincher schedule sync` was run.'),
    watchdog: watchdog()
      .prefault({})
      .describe('What is looked at every few minutes, and from where on it is told (guide, Step 13.2).'),
    alerts: alerts().prefault({}).describe('Who is told what happens while nobody is looking.'),
    monitoring: monitoring()
      .prefault({})
      .describe('Who watches the server from a server of its own (guide, Step 13.2.1).'),
    convenience: convenience()
      .prefault({})
      .describe('What is there for people on the server itself (guide, Step 11.5).'),
    partitions: partitions()
      .optional()
      .describe(
        'Further gateways on this server, by name: each with a bot, a state, secrets and networks of its own, and the same hardening (guide, Step 14). Absent: none.',
      ),
    redteam: redteam()
      .prefault({})
      .describe('What `clincher run redteam` attacks, and with what besides the guide’s attacks.'),
  }),
);

const controlPlane = () =>
  z.strictObject({
    address: text(is.hostAndPort)
      .optional()
      .describe(
        'A Temporal of your own, as host:port. Absent: TEMPORAL_ADDRESS or a profile, else the embedded one.',
      ),
    namespace: text(is.plainName)
      .optional()
      .describe('Temporal namespace. Default: the profile’s, else `default`.'),
    profile: text(is.plainName)
      .optional()
      .describe('Profile of Temporal’s TOML configuration (mTLS, API key).'),
    image: text(stackIs.pinnedImage)
      .optional()
      .describe(
        'Image of the workers by its digest, `registry.example.com/clincher:0.1.0@sha256:…`, for `clincher run control-plane`, which puts a control plane on a monitor. There is no public one: build it from the Dockerfile.',
      ),
    metrics: text(is.hostAndPort)
      .optional()
      .describe(
        'Where workers tell figures of Temporal and of runs, in Prometheus’ words, such as 127.0.0.1:9464; nobody is asked who he is there. Absent: nowhere.',
      ),
    telemetry: text(is.webAddress)
      .optional()
      .describe(
        'Where workers send each run as a trace with its steps, and figures unless `metrics` says where those are read: an address of OTLP over HTTP without a path, such as http://127.0.0.1:4318. Headers come from the worker’s own OTEL_EXPORTER_OTLP_HEADERS. Absent: nowhere.',
      ),
    page: text(is.pageAddress)
      .optional()
      .describe(
        'Where workers serve the page of open gates: 127.0.0.1:7288, or the worker’s address in the tailnet with a port. Absent: nowhere.',
      ),
    page_url: text(is.pageUrl)
      .optional()
      .describe(
        'By which address people come to that page, such as https://worker.your-tailnet.ts.net of Tailscale Serve; links begin with it. Default: `page` itself.',
      ),
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
      .omit({ address: true, standby_for: true })
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
