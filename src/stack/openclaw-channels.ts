// OpenClaw's settings of channels: who may talk to it, and with which tokens it listens.
import type { Server } from '../model.js';
import { critical, fileSecret, type Json, missing, plain, type Row, since6 } from './openclaw-row.js';

type Channel = keyof Server['channels'];

const when =
  (channel: Channel, value: Json | ((want: Server) => Json | undefined)) =>
  (want: Server): Json | undefined => {
    if (!want.channels[channel].enabled) return undefined;
    return typeof value === 'function' ? value(want) : value;
  };

/** A stranger's first message is answered with a code that a person has to approve. */
const BY_PAIRING = 'pairing';

/** Groups are shut: no person is known yet who may speak in them, and an open group takes commands from anybody. */
const TELEGRAM: readonly Row[] = [
  critical('channels.telegram.enabled', when('telegram', true)),
  critical('channels.telegram.botToken', when('telegram', fileSecret('telegramToken')), {
    guide: 'channels.telegram.token',
  }),
  // Its host needs no leave to be private: 2026.9.6 trusts the one that is named here.
  critical(
    since6('channels.telegram.apiRoot'),
    when('telegram', ({ channels }) => channels.telegram.api_root),
  ),
  critical('channels.telegram.dmPolicy', when('telegram', BY_PAIRING), { guide: 'channels.*.dmPolicy' }),
  critical('channels.telegram.groupPolicy', when('telegram', 'disabled')),
  critical('channels.telegram.groups', when('telegram', { '*': { requireMention: true } }), {
    guide: 'channels.*.groups.*.requireMention',
  }),
  critical('channels.telegram.configWrites', when('telegram', false)),
  // Its default, which older versions write as a word and newer ones refuse as one.
  plain(
    since6('channels.telegram.streaming.mode', 'channels.telegram.streaming'),
    when('telegram', 'partial'),
  ),
];

const guilds = ({ channels: { discord } }: Server): Json | undefined =>
  discord.guild === undefined ? undefined : { [discord.guild]: { requireMention: true } };

const DISCORD: readonly Row[] = [
  critical('channels.discord.enabled', when('discord', true)),
  critical('channels.discord.token', when('discord', fileSecret('discordToken')), {
    guide: 'channels.discord.token',
  }),
  critical('channels.discord.dmPolicy', when('discord', BY_PAIRING)),
  critical('channels.discord.groupPolicy', when('discord', 'allowlist')),
  critical('channels.discord.guilds', when('discord', guilds), { guide: 'channels.discord.guildId' }),
  critical('channels.discord.configWrites', when('discord', false)),
];

/** Socket mode: OpenClaw calls Slack, and nothing has to be reachable from outside. */
const SLACK: readonly Row[] = [
  critical('channels.slack.enabled', when('slack', true)),
  critical('channels.slack.mode', when('slack', 'socket')),
  critical('channels.slack.botToken', when('slack', fileSecret('slackBotToken')), {
    guide: 'channels.slack.botToken',
  }),
  critical('channels.slack.appToken', when('slack', fileSecret('slackAppToken')), {
    guide: 'channels.slack.appToken',
  }),
  critical('channels.slack.signingSecret', when('slack', fileSecret('slackSigningSecret')), {
    guide: 'channels.slack.signingSecret',
  }),
  critical('channels.slack.dmPolicy', when('slack', BY_PAIRING)),
  critical('channels.slack.groupPolicy', when('slack', 'allowlist')),
  critical('channels.slack.configWrites', when('slack', false)),
];

/** The one secret that takes no reference; OpenClaw fills in the variable of its own environment. */
export const WEBHOOK_TOKEN_VARIABLE = 'OPENCLAW_WEBHOOK_TOKEN';

const WEBHOOK: readonly Row[] = [
  critical('hooks.enabled', ({ channels }) => channels.webhook.enabled),
  critical('hooks.token', when('webhook', `\${${WEBHOOK_TOKEN_VARIABLE}}`), {
    guide: 'channels.webhook.secret',
  }),
  plain('hooks.path', when('webhook', '/hooks')),
  // A caller must not choose whose conversation it writes into.
  critical('hooks.allowRequestSessionKey', when('webhook', false)),
  plain('hooks.defaultSessionKey', when('webhook', 'hook:ingress')),
  critical('hooks.allowedAgentIds', when('webhook', ['main'])),
  missing(
    'channels.webhook.rateLimit',
    'hooks have no limit of their own; the gateway locks out callers with a wrong token, Caddy may limit the rest',
  ),
];

export const CHANNEL_ROWS: readonly Row[] = [
  critical('channels.defaults.groupPolicy', 'allowlist'),
  ...TELEGRAM,
  ...DISCORD,
  ...SLACK,
  ...WEBHOOK,
];
