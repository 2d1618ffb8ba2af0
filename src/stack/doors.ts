// The ways out that the configuration opens: which host, and for whom. Smokescreen lets nothing else out.
import type { Server } from '../model.js';
import { findProvider } from './providers.js';

export interface Door {
  /** As Smokescreen's list writes it: exact, or `*.` and everything below. */
  domain: string;
  /** `provider anthropic`, `channel telegram`, or the reason that was given. */
  why: string;
}

/** Long polling, sockets and files. A webhook comes in, and opens nothing. */
const CHANNELS = {
  discord: ['discord.com', '*.discord.gg', 'cdn.discordapp.com', 'media.discordapp.net'],
  slack: ['slack.com', '*.slack.com'],
} as const satisfies Record<string, readonly string[]>;

type Parts = Pick<Server, 'channels' | 'providers'>;

/** Those that follow from providers and channels; `stack.egress.extra_domains` come on top. */
export const ownDoors = (server: Parts): Door[] => [...ofProviders(server), ...ofChannels(server)];

const ofProviders = ({ providers }: Parts): Door[] =>
  Object.entries(providers).flatMap(([name, { api_base }]) => {
    // A provider that is reached at an address of one's own is reached there alone.
    const domains = api_base === undefined ? (findProvider(name)?.domains ?? []) : [hostOf(api_base)];
    return domains.map((domain) => ({ domain, why: `provider ${name}` }));
  });

const ofChannels = ({ channels }: Parts): Door[] =>
  (['telegram', 'discord', 'slack'] as const)
    .filter((name) => channels[name].enabled)
    .flatMap((name) => domainsOf(channels, name).map((domain) => ({ domain, why: `channel ${name}` })));

const domainsOf = (
  channels: Parts['channels'],
  name: keyof typeof CHANNELS | 'telegram',
): readonly string[] => (name === 'telegram' ? [hostOf(telegramRoot(channels))] : CHANNELS[name]);

/** Where a bot is asked for its messages. One that moved to a server of one's own is not answered at Telegram's. */
export const telegramRoot = ({ telegram }: Parts['channels']): string =>
  telegram.api_root ?? 'https://api.telegram.org';

/** Without the port: Smokescreen's list knows hosts only. IPv6 addresses stand without brackets there. */
export const hostOf = (address: string): string =>
  (/^https?:\/\/(\[[^\]]+\]|[^/:?#]+)/i.exec(address)?.[1] ?? address).replace(/^\[|\]$/g, '').toLowerCase();

/** Whether what one lets out, the other does too: `*.slack.com` covers `files.slack.com`, not `slack.com`. */
export const covers = (outer: string, inner: string): boolean =>
  outer === inner || (outer.startsWith('*.') && inner.replace(/^\*/, '').endsWith(outer.slice(1)));
