// What is asked of a person when a secret has no value yet: where to get it, by its name in the vault.
import type { Question } from './gates.js';

type Text = Pick<Question, 'title' | 'instructions' | 'links'>;

const TEXTS: Readonly<Record<string, Text>> = {
  telegram_bot_token: {
    title: 'Paste the token BotFather gave you',
    instructions: ['In Telegram open @BotFather and send /newbot', 'Copy the token it prints'],
    links: ['https://t.me/BotFather'],
  },
  anthropic_api_key: {
    title: 'Paste the Anthropic API key',
    instructions: ['Make a key for this server alone, with a spending limit', 'Copy it: it is shown once'],
    links: ['https://console.anthropic.com/settings/keys'],
  },
  voyage_api_key: {
    title: 'Paste the Voyage AI API key',
    instructions: ['Make a key in the dashboard', 'It serves the memory and the semantic cache'],
    links: ['https://dash.voyageai.com/api-keys'],
  },
  discord_bot_token: {
    title: 'Paste the token of the Discord bot',
    instructions: [
      'Make an application with a bot that may send messages and read their history, nothing more',
      'Copy the token from its page Bot',
    ],
    links: ['https://discord.com/developers/applications'],
  },
  slack_bot_token: {
    title: 'Paste the Slack bot token',
    instructions: ['In the app, OAuth & Permissions, copy the token that begins with xoxb-'],
    links: ['https://api.slack.com/apps'],
  },
  slack_app_token: {
    title: 'Paste the Slack app token',
    instructions: ['In the app, Basic Information, make an app-level token with connections:write (xapp-)'],
    links: ['https://api.slack.com/apps'],
  },
  slack_signing_secret: {
    title: 'Paste the Slack signing secret',
    instructions: ['In the app, Basic Information, copy the signing secret: requests without it are refused'],
    links: ['https://api.slack.com/apps'],
  },
  tunnel_token: {
    title: 'Paste the token of the Cloudflare tunnel',
    instructions: [
      'In Zero Trust, Networks, Tunnels, make a tunnel with the connector Docker',
      'Copy the last word of the command that it shows (eyJ…)',
    ],
    links: ['https://one.dash.cloudflare.com/'],
  },
};

/** Ready to be asked; a name that is not in the table is asked for plainly. */
export function secretQuestion(ref: string): Omit<Question, 'kind' | 'ref'> {
  const name = ref.split('/').at(-1) ?? ref;
  const id = name.replaceAll('_', '-');
  const text = TEXTS[name] ??
    ofPartition(name) ?? { title: `Paste the value of ${name}`, instructions: [`It is kept as ${ref}`] };
  // The gate's name is older than the secret's.
  return { ...text, id: id === 'telegram-bot-token' ? 'telegram-token' : id, shape: shapeOf(name) };
}

/** `team_telegram_bot_token` is asked for as the server's own is, and told whose it will be. */
const known = (name: string): string | undefined =>
  Object.keys(TEXTS).find((each) => name.endsWith(`_${each}`));

function ofPartition(name: string): Text | undefined {
  const own = known(name);
  if (own === undefined) return undefined;
  const { title, ...text } = TEXTS[own]!;
  return { ...text, title: `${title}: for ${name.slice(0, -own.length - 1)}` };
}

const shapeOf = (name: string): string => (TEXTS[name] ? name : (known(name) ?? name)).replaceAll('_', '-');

const nameOf = (ref: string): string => ref.split('/').at(-1) ?? ref;

/** Of those that end when a new one is made: there is no way back to them. */
const AT_ONCE = 'the old one ends at that moment, and there is no way back to it';

/** How a new one is made beside the one in use, or in its place; and where the old one is ended. */
const NEW: Readonly<Record<string, { instructions: string[]; ends: string }>> = {
  telegram_bot_token: {
    instructions: [
      `In Telegram open @BotFather, send /revoke and choose the bot: ${AT_ONCE}`,
      'Copy the token it prints',
    ],
    ends: '@BotFather ended the old one when it made this one',
  },
  discord_bot_token: {
    instructions: [`On the page Bot of the application press Reset Token: ${AT_ONCE}`, 'Copy the token'],
    ends: 'Discord ended the old one when it made this one',
  },
  slack_bot_token: {
    instructions: [
      `In the app, OAuth & Permissions, revoke the tokens and install the app again: ${AT_ONCE}`,
      'Copy the token that begins with xoxb-',
    ],
    ends: 'see at https://api.slack.com/apps, OAuth & Permissions, that the old one is revoked',
  },
  slack_app_token: {
    instructions: [
      'In the app, Basic Information, make a second app-level token with connections:write (xapp-)',
      'Leave the old one until the run says that the new one is in use',
    ],
    ends: 'revoke the old one at https://api.slack.com/apps, Basic Information, App-Level Tokens',
  },
  slack_signing_secret: {
    instructions: [`In the app, Basic Information, regenerate the signing secret: ${AT_ONCE}`],
    ends: 'Slack ended the old one when it made this one',
  },
  tunnel_token: {
    instructions: [
      'In Zero Trust, Networks, Tunnels, the tunnel, refresh its token: a connector that runs goes on, the old token starts none any more',
      'Copy the last word of the command that it shows (eyJ…)',
    ],
    ends: 'Cloudflare lets no new connector in with the old one',
  },
  webhook_token: {
    instructions: [
      'Make a new one: openssl rand -hex 32',
      'Your own programs need it when the run has ended',
    ],
    ends: 'the gateway takes the old one no more: give the new one to the programs that call the webhook',
  },
  anthropic_api_key: {
    instructions: [
      'Make a second key for this server, with a spending limit; leave the old one until the run says that the new one is in use',
      'Copy it: it is shown once',
    ],
    ends: 'delete the old key at https://console.anthropic.com/settings/keys',
  },
  voyage_api_key: {
    instructions: [
      'Make a second key in the dashboard; leave the old one until the run says that the new one is in use',
    ],
    ends: 'delete the old key at https://dash.voyageai.com/api-keys',
  },
};

/** A gate of its own name: what it takes waits beside the value in use. */
export function newSecretQuestion(ref: string): Omit<Question, 'kind' | 'ref'> {
  const { links = [], id, ...old } = secretQuestion(ref);
  const name = nameOf(ref);
  const instructions = NEW[name]?.instructions ?? [
    'Make a new one where the old one was made; leave the old one until the run says that the new one is in use',
  ];
  return { ...old, id: `new-${id}`, title: `Paste the new value of ${name}`, instructions, links };
}

/** We cannot end it, and cannot tell whether it is ended: whoever has it may use it until then. */
export const whereItEnds = (ref: string): string =>
  `The old value of ${nameOf(ref)}: ${NEW[nameOf(ref)]?.ends ?? 'only its maker can end it: revoke it where it was made'}`;
