// What runs of the stack already, in which version and folder, and how people come to it.
import { caddyfile, type EnvFile, envFile } from '../commands/compose-folders.js';
import { type Container, everyContainer } from '../commands/containers.js';
import * as tailscale from '../commands/tailscale.js';
import type { Found, Left, Server } from '../model.js';
import { PROJECT } from '../stack/env.js';
import { dpkg } from '../steps/base-packages.js';
import { defineDiscovery, found } from './define.js';

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
const domainOf = (text: string): string | undefined =>
  /^(?:https:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?::443)?\s*(?:,|\{)/m.exec(text)?.[1];

function wayIn(containers: readonly Container[], domain: string | undefined): Found[] {
  const runs = (name: string): boolean =>
    containers.some(({ image, state }) => state === 'running' && image.includes(name));
  const kind = runs('caddy') ? 'caddy' : runs('cloudflared') ? 'tunnel' : undefined;
  // Neither works without its name.
  return domain === undefined || kind === undefined
    ? []
    : [...found('proxy.kind', kind, 'what runs'), ...found('proxy.domain', domain, 'Caddyfile')];
}

const LABEL = 'com.docker.compose.project';

const gatewayOf = (containers: readonly Container[]): Container | undefined =>
  containers.find(({ image }) => image.includes('openclaw/openclaw:'));

/** People paste what we say: whatever a shell would take for more than a word is not said as a command. */
const asWord = (text: string, instead: string): string => (/^[\w./-]+$/.test(text) ? text : instead);

/** Containers are named alike in every project, and no name is given twice on a host. */
function foreign(project: string | undefined, folder: string): Left[] {
  if (project === undefined || project === PROJECT) return [];
  const down = `docker compose -p ${asWord(project, '<project>')} down`;
  const why = `clincher’s is \`${PROJECT}\`. Before its first run: ${down} (without -v, so that the volumes stay)`;
  return [{ name: `compose project ${project}`, place: folder, why }];
}

const SECRET = /(?:KEY|TOKEN|SECRET|PASSWORD|PASS)$/;

function secretsIn(env: EnvFile | null, { name }: Server): Left[] {
  const secrets = env?.names.filter((each) => SECRET.test(each)) ?? [];
  if (env === null || secrets.length === 0) return [];
  const path = asWord(env.path, '<file>');
  const why = `their values were not looked at. Take them over: clincher exec ${name} --sudo -- cat ${path} | clincher secrets import - -s ${name}`;
  return [{ name: secrets.join(', '), place: env.path, why }];
}

export const discoverStack = defineDiscovery({
  id: 'stack',
  facts: () => ({
    containers: everyContainer,
    caddyfile,
    env: envFile,
    tailnet: tailscale.status,
    installed: dpkg,
  }),
  found({ containers, caddyfile: text, tailnet, installed }, server) {
    const isOn = tailnet.isUp || undefined;
    return [
      ...found('tailscale.enabled', isOn, 'tailscale status'),
      ...found('tailscale.source', isOn && (installed.has('tailscale') ? 'tailscale' : 'present'), 'dpkg'),
      ...found('stack.directory', gatewayOf(containers)?.labels[`${LABEL}.working_dir`], 'compose’s labels'),
      ...versions(containers, server),
      ...wayIn(containers, domainOf(text)),
    ];
  },
  left({ containers, env }, server) {
    const labels = gatewayOf(containers)?.labels ?? {};
    return [...foreign(labels[LABEL], labels[`${LABEL}.working_dir`] ?? ''), ...secretsIn(env, server)];
  },
});
