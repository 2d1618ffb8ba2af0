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
  const text = TEXTS[name] ?? { title: `Paste the value of ${name}`, instructions: [`It is kept as ${ref}`] };
  // The gate's name is older than the secret's.
  return { ...text, id: id === 'telegram-bot-token' ? 'telegram-token' : id, shape: id };
}
