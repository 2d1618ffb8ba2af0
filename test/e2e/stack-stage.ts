// What a lab server says of its stack: images of the lab's registry, its model server, Caddy with an authority of its own.
import type { Say } from '../../scripts/patiently.js';
import { ensureModelServer, type ModelServer } from '../lab/images/model-server.js';
import { ensureStackImages } from '../lab/images/stack.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import type { Proof } from './proof.js';
import type { Stage } from './stage.js';

type Tree = Record<string, unknown>;

export interface StackVersion {
  label: string;
  /** Of OpenClaw. */
  version: '2026.3.13' | '2026.9.6';
}

/** The guide's, and the newest. */
export const versions: readonly StackVersion[] = [
  { label: 'v3', version: '2026.3.13' },
  { label: 'v9', version: '2026.9.6' },
];

/** Both, or one of them: `CLINCHER_OPENCLAW=v9 npm run e2e -- stack`. */
export const chosenVersions = (): StackVersion[] =>
  versions.filter(({ label }) => (process.env['CLINCHER_OPENCLAW'] ?? label) === label);

/** With the name of the version before whatever is checked. */
export const labelled = (proof: Proof, { label }: StackVersion): Proof => ({
  say: (line) => proof.say(line),
  check: (what, ok, detail) => proof.check(`${label}: ${what}`, ok, detail),
  figure: (what, value) => proof.figure(`${label}: ${what}`, value),
});

export const DOMAIN = 'claw.lab.test';

export interface StackHost {
  host: LabHost;
  /** How its provisioning went, which is a check of the proof already. */
  run: CliResult;
  models: ModelServer;
}

/** A fresh host of this name with the whole stack on it; `more`: what clincher.yaml says besides. */
export async function provisionedStack(
  proof: Proof,
  stage: Stage,
  name: string,
  { version = versions[0]!, more = () => ({}), ready = async () => {} }: StackHostOptions = {},
): Promise<StackHost> {
  const models = await ensureModelServer((line) => proof.say(line));
  const address = new URL(models.url).host;
  const settings = await stackSettings(version, address, (line) => proof.say(line));
  const specs = [{ name, distro: 'debian13', memory: '6g' }] as const;
  const [host] = (await stage.hosts(specs, settings)) as [LabHost];
  stage.set(name, more(address));
  await ready();
  const run = await stage.provision(name);
  proof.check('the host is provisioned', run.code === 0, (run.stdout + run.stderr).slice(-3_000));
  return { host, run, models };
}

interface StackHostOptions {
  version?: StackVersion;
  /** Given the address of the model server. */
  more?: (address: string) => Tree;
  /** When clincher.yaml names the host, before anything is done to it. */
  ready?: () => Promise<void>;
}

/** `models`: address of the model server, such as 10.66.0.4:8080. */
export async function stackSettings({ version }: StackVersion, models: string, say: Say): Promise<Tree> {
  const { registry, images } = await ensureStackImages(say, [
    `openclaw-${version}`,
    'litellm',
    'redis',
    'socket-proxy',
    'smokescreen',
    'caddy',
  ]);
  const at = ({ repository, version: tag }: { repository: string; version: string }): Tree => ({
    repository: `${registry}/${repository}`,
    version: tag,
  });
  return {
    channels: { telegram: { enabled: false } },
    firewall: { web_sources: 'any' },
    stack: {
      enabled: true,
      tier: 'starter',
      cache: { mode: 'exact' },
      egress: { source: 'image', allow_ranges: [`${models.split(':')[0]}/32`] },
      images: {
        openclaw: at(images[`openclaw-${version}`]),
        litellm: at(images.litellm),
        redis: at(images.redis),
        'docker-socket-proxy': at(images['socket-proxy']),
        egress: at(images.smokescreen),
        caddy: at(images.caddy),
      },
    },
    providers: { vllm: { api_base: `http://${models}/v1` } },
    models: {
      default: 'local/large',
      heartbeat: 'local/small',
      list: [
        { name: 'local/large', provider: 'vllm', id: 'large', budget_usd: 10, fallbacks: ['local/small'] },
        { name: 'local/small', provider: 'vllm', id: 'small', budget_usd: 1 },
      ],
    },
    memory: { enabled: false },
    proxy: { kind: 'caddy', domain: DOMAIN, tls: 'internal' },
  };
}
