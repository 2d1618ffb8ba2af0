// What runs of the stack already, in which version and folder, and how people come to it.
import { type Container, everyContainer } from '../commands/containers.js';
import { file } from '../commands/files.js';
import * as tailscale from '../commands/tailscale.js';
import type { Found, Server } from '../model.js';
import { dpkg } from '../steps/base-packages.js';
import { defineDiscovery, found } from './define.js';

const CADDYFILES = ['/opt/openclaw/Caddyfile', '/etc/caddy/Caddyfile'] as const;

/** The images that the configuration knows, by their repositories: a mirror is another repository, and a person's to name. */
function versions(containers: readonly Container[], { stack: { images } }: Server): Found[] {
  return Object.entries(images).flatMap(([name, { repository }]) => {
    const running = containers.find(({ image }) =>
      image.replace(/^docker\.io\/(?:library\/)?/, '').startsWith(`${repository}:`),
    );
    const tag = running?.image.split(`${repository}:`)[1]?.replace(/@sha256:.*/, '');
    return found(
      `stack.images.${name}.version`,
      tag === 'latest' ? undefined : tag,
      `container ${running?.name}`,
    );
  });
}

/** The first site that has a public name. */
const domainOf = (caddyfile: string | undefined): string | undefined =>
  /^(?:https:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?::443)?\s*(?:,|\{)/m.exec(caddyfile ?? '')?.[1];

function wayIn(containers: readonly Container[], domain: string | undefined): Found[] {
  const runs = (name: string): boolean =>
    containers.some(({ image, state }) => state === 'running' && image.includes(name));
  const kind = runs('caddy') ? 'caddy' : runs('cloudflared') ? 'tunnel' : undefined;
  // Neither works without its name.
  return domain === undefined || kind === undefined
    ? []
    : [...found('proxy.kind', kind, 'what runs'), ...found('proxy.domain', domain, 'Caddyfile')];
}

const folderOf = (containers: readonly Container[]): string | undefined =>
  containers.find(({ image }) => image.includes('openclaw/openclaw:'))?.labels[
    'com.docker.compose.project.working_dir'
  ];

export const discoverStack = defineDiscovery({
  id: 'stack',
  facts: () => ({
    containers: everyContainer,
    first: file(CADDYFILES[0]),
    second: file(CADDYFILES[1]),
    tailnet: tailscale.status,
    installed: dpkg,
  }),
  found({ containers, first, second, tailnet, installed }, server) {
    const isOn = tailnet.isUp || undefined;
    return [
      ...found('tailscale.enabled', isOn, 'tailscale status'),
      ...found('tailscale.source', isOn && (installed.has('tailscale') ? 'tailscale' : 'present'), 'dpkg'),
      ...found('stack.directory', folderOf(containers), 'compose’s labels'),
      ...versions(containers, server),
      ...wayIn(containers, domainOf(first?.content ?? second?.content)),
    ];
  },
});
