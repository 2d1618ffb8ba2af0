// Manifests of images: which kinds there are, and the platforms that one speaks of.
import * as z from 'zod';

const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const SINGLES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Indexes first: that is what Docker pulls by, and then chooses from. */
export const ACCEPT = [...INDEXES, ...SINGLES].join(', ');

export const isKnownType = (type: string): boolean => [...INDEXES, ...SINGLES].includes(type);

const platform = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });
const index = z.object({ manifests: z.array(z.object({ platform: platform.optional() })) });
const single = z.object({ config: z.object({ digest: z.string() }) });

/** The platforms, or the digest of the configuration that tells the only one. */
export type PlatformSource = { platforms: string[] } | { config: string } | undefined;

export function platformSource(body: unknown): PlatformSource {
  const many = index.safeParse(body).data;
  if (many !== undefined) return { platforms: distinct(many.manifests.flatMap((one) => one.platform ?? [])) };
  const config = single.safeParse(body).data?.config.digest;
  return config === undefined ? undefined : { config };
}

/** Of an image's configuration. */
export function platformsOf(config: unknown): string[] {
  const { data } = platform.safeParse(config);
  return data === undefined ? [] : distinct([data]);
}

/** Attestations stand in an index as platform `unknown`. */
const distinct = (platforms: z.infer<typeof platform>[]): string[] =>
  [...new Set(platforms.filter(({ os }) => os !== 'unknown').map(written))].toSorted();

const written = ({ os, architecture, variant }: z.infer<typeof platform>): string =>
  [os, architecture, variant].filter(Boolean).join('/');
