// What a lab server says of its stack: images of the lab's registry, its model server, Caddy with an authority of its own.
import type { Say } from '../../scripts/patiently.js';
import { ensureStackImages } from '../lab/images/stack.js';

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

export const DOMAIN = 'claw.lab.test';

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
