// Keys of the ways in for people: `channels` and `proxy`.
import * as z from 'zod';
import { secretReference, text, webAddress } from './fields.js';
import * as is from './fields-stack.js';

const secret = (name: string, what: string) =>
  text(secretReference)
    .default(`secret://<server>/${name}`)
    .describe(
      `Secret reference to ${what}. Default secret://<server>/${name}; a run asks for it when it is missing.`,
    );

const off = (what: string) => z.boolean().default(false).describe(`${what} Default false.`);

/** `prefix` of the names of its secrets: those of a partition begin with its name. */
export const channels = (prefix = '') =>
  z.strictObject({
    telegram: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Talk to OpenClaw over Telegram. Default true.'),
        token: secret(`${prefix}telegram_bot_token`, 'BotFather’s token'),
        api_root: text(is.origin)
          .optional()
          .describe(
            'A Bot API server of your own, such as https://bot-api.example.com, which is asked instead of https://api.telegram.org. OpenClaw has it since 2026.6.',
          ),
      })
      .prefault({})
      .describe('The Telegram channel.'),
    discord: z
      .strictObject({
        enabled: off('Talk to OpenClaw over Discord.'),
        token: secret(`${prefix}discord_bot_token`, 'the bot’s token'),
        guild: text(is.digits).optional().describe('Id of the only Discord server that may talk to it.'),
      })
      .prefault({})
      .describe('The Discord channel.'),
    slack: z
      .strictObject({
        enabled: off('Talk to OpenClaw over Slack.'),
        bot_token: secret(`${prefix}slack_bot_token`, 'the bot token (xoxb-…)'),
        app_token: secret(`${prefix}slack_app_token`, 'the app token (xapp-…)'),
        signing_secret: secret(`${prefix}slack_signing_secret`, 'the signing secret'),
      })
      .prefault({})
      .describe('The Slack channel.'),
    webhook: z
      .strictObject({
        enabled: off('Let other programs send it messages by HTTP (OpenClaw’s hooks).'),
        token: secret(`${prefix}webhook_token`, 'the token that callers must send'),
      })
      .prefault({})
      .describe('Inbound webhooks.'),
  });

const oidc = () =>
  z.strictObject({
    enabled: off('Ask browsers for a single sign-on before the gateway’s own token.'),
    issuer: text(webAddress).optional().describe('Address of the identity provider.'),
    client_id: text(is.plainWord).optional().describe('Client id that the identity provider gave.'),
    client_secret: secret('oidc_client_secret', 'the client’s secret'),
    allowed_domains: z
      .array(text(is.hostName))
      .default([])
      .describe('Only accounts whose e-mail address is of one of these domains.'),
  });

export const proxy = () =>
  z.strictObject({
    kind: z
      .enum(['none', 'caddy', 'tunnel', 'tailscale'])
      .default('none')
      .describe(
        '`none`: nothing is exposed (default); `caddy`: public HTTPS; `tunnel`: Cloudflare Tunnel, no open port; `tailscale`: the tailnet alone.',
      ),
    domain: text(is.hostName).optional().describe('Public name of the gateway, for `caddy` and `tunnel`.'),
    tls: z
      .enum(['acme', 'internal'])
      .default('acme')
      .describe('`acme`: a public certificate (default); `internal`: an authority of Caddy’s own.'),
    email: text(is.email).optional().describe('Where the certificate authority writes to.'),
    tunnel_token: secret('tunnel_token', 'the tunnel’s token'),
    oidc: oidc().prefault({}).describe('Single sign-on in front of the gateway.'),
  });
