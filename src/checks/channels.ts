// Checks of the channels: that each reaches its service by the way the gateway takes, with a token that is accepted, and runs.
import {
  type ApiSaid,
  type ChannelName,
  type ChannelState,
  type ChannelsSaid,
  channelStates,
  channelsSaid,
} from '../commands/channels.js';
import { sayingOf } from '../commands/inside.js';
import type { Judgement, Server } from '../model.js';
import { telegramRoot } from '../stack/doors.js';
import { defineCheck, fail, onHost, pass, rerun, runsGateway, unknown, unless } from './define.js';
import { egressOf } from './egress.js';

const NAMES: readonly ChannelName[] = ['telegram', 'discord', 'slack', 'webhook'];

const said = (server: Server) => ({
  channels: channelsSaid(
    NAMES.filter((name) => server.channels[name].enabled),
    server.channels.telegram.api_root,
  ),
});

const withStates = (server: Server) => ({ ...said(server), channelStates });

const has =
  (name: ChannelName) =>
  (server: Server): boolean =>
    runsGateway(server) && server.channels[name].enabled;

interface Asked {
  /** `api.telegram.org` */
  host: string;
  port?: string | undefined;
  /** Of the secret in the vault. */
  secret: string;
  said: ApiSaid | undefined;
}

/** Telegram answers 404 to a token that has not even the form of one. */
const REFUSED = [401, 403, 404];
/** Slack answers 200 to everything; these of its words are about the token. */
const SLACK_REFUSED = /auth|token|revoked|inactive|scope|not_allowed|access_denied/;

const isRefused = ({ status, isOk, word }: ApiSaid): boolean =>
  REFUSED.includes(status ?? 0) || (status === 200 && isOk === false && SLACK_REFUSED.test(word ?? ''));

/** Why it does not work, each in words of its own, since each is mended elsewhere; nothing where it does. */
function wrong({ host, port, secret, said: call }: Asked, server: Server): Judgement | undefined {
  if (call === undefined) return unknown(`${host} was not asked`);
  const renew = [
    `clincher secrets set ${secret} -s ${server.name}`,
    rerun(server, 'stack.secrets,stack.services'),
  ];
  if (!call.hasToken) return fail([`the gateway has no ${secret}`], ...renew);
  return notLetOut(host, port, call, server) ?? notAnswered(host, call, renew);
}

function notLetOut(host: string, port = '443', { connect }: ApiSaid, server: Server): Judgement | undefined {
  const why = `CONNECT ${host}:${port}: the egress proxy ${sayingOf(connect ?? {})}`;
  const egress = egressOf(connect);
  if (egress === 'dead') return unknown(`${why}: that says nothing of the channel`);
  if (egress === 'denied')
    return fail([`${why}: ${host} is not on its list`], rerun(server, 'stack.egress,stack.services'));
  if (connect?.status === 200) return undefined;
  return fail([`${why}: it is on the list, and cannot be reached`], onHost(server, `getent hosts ${host}`));
}

function notAnswered(host: string, call: ApiSaid, renew: readonly string[]): Judgement | undefined {
  if (call.status === undefined)
    return fail([`${host} ${sayingOf(call)}`], 'look whether something between here and there ends its TLS');
  if (isRefused(call)) return fail([`${host} refuses the token (${call.word ?? call.status})`], ...renew);
  if (call.status === 200 && call.isOk !== false) return undefined;
  return unknown(
    `${host} ${sayingOf(call)}${call.word ? `, ${call.word}` : ''}, which says nothing of the token`,
  );
}

const asWhom = ({ host, said: call }: Asked): string =>
  `${host} accepts the token${call?.name ? ` of ${call.name}` : ''}`;

/** The first thing that is wrong on the way; then what the gateway says of it. */
function judged(
  name: ChannelName,
  asked: readonly Asked[],
  states: Record<string, ChannelState>,
  server: Server,
): Judgement {
  for (const each of asked) {
    const found = wrong(each, server);
    if (found) return found;
  }
  const state = states[name];
  if (state?.isRunning) return pass(...asked.map(asWhom), `the gateway runs ${name}`);
  return fail(
    [`the gateway does not run ${name}: ${state?.lastError ?? 'it does not say why'}`],
    onHost(server, 'docker logs --tail 50 openclaw'),
    rerun(server, 'openclaw.*'),
  );
}

const WHY = 'A channel that is mute says so nowhere: people write to it and wait.';

function telegramCalls({ telegram }: ChannelsSaid, { channels }: Server): Asked[] {
  const { protocol, hostname, port } = new URL(telegramRoot(channels));
  return [
    {
      host: hostname,
      port: port || (protocol === 'http:' ? '80' : undefined),
      secret: 'telegram_bot_token',
      said: telegram,
    },
  ];
}

export const telegram = defineCheck({
  id: 'verify.channel-telegram',
  title: 'Telegram accepts the bot’s token by the gateway’s own way out, and the gateway runs the channel',
  why: WHY,
  source: 'guide Step 7; https://core.telegram.org/bots/api#getme',
  vantage: 'host',
  wanted: has('telegram'),
  facts: withStates,
  judge: ({ channels, channelStates: states }, server) =>
    judged('telegram', telegramCalls(channels, server), states, server),
});

export const discord = defineCheck({
  id: 'verify.channel-discord',
  title: 'Discord accepts the bot’s token by the gateway’s own way out, and the gateway runs the channel',
  why: WHY,
  source: 'guide Step 7; https://discord.com/developers/docs/resources/user#get-current-user',
  vantage: 'host',
  wanted: has('discord'),
  facts: withStates,
  judge: ({ channels, channelStates: states }, server) =>
    judged(
      'discord',
      [{ host: 'discord.com', secret: 'discord_bot_token', said: channels.discord }],
      states,
      server,
    ),
});

export const slack = defineCheck({
  id: 'verify.channel-slack',
  title: 'Slack accepts both tokens by the gateway’s own way out, and the gateway runs the channel',
  why: `${WHY} With the app’s token alone refused, it can speak and hears nothing.`,
  source: 'guide Step 7; https://api.slack.com/methods/apps.connections.open',
  vantage: 'host',
  wanted: has('slack'),
  facts: withStates,
  judge: ({ channels, channelStates: states }, server) =>
    judged(
      'slack',
      [
        { host: 'slack.com', secret: 'slack_bot_token', said: channels.slackBot },
        { host: 'slack.com', secret: 'slack_app_token', said: channels.slackApp },
      ],
      states,
      server,
    ),
});

export const webhook = defineCheck({
  id: 'verify.channel-webhook',
  title: 'The webhook takes calls with its token, and none without',
  why: 'Whoever can call it without a token talks to your agent; a token that is refused makes your programs mute.',
  source: 'guide Step 7; https://docs.openclaw.ai/automation/webhook',
  vantage: 'host',
  wanted: has('webhook'),
  facts: said,
  judge({ channels: { webhook: now } }, server) {
    if (now?.anonymous.status === undefined || now.known.status === undefined)
      return unknown(`the gateway ${sayingOf(now?.anonymous ?? {})} to a call of its webhook`);
    const { anonymous, known } = now;
    return unless(
      [
        // 429: it has had enough of wrong tokens, which is a refusal too.
        ...(anonymous.status === 401 || anonymous.status === 429
          ? []
          : [`without a token the webhook ${sayingOf(anonymous)}, should be 401`]),
        // The call is empty on purpose: it is refused as such once its token was taken.
        ...(known.status === 400 || known.status === 200
          ? []
          : [`with its token the webhook ${sayingOf(known)}, should be 400 for an empty call`]),
      ],
      'an empty call: 401 without the token, refused as empty with it',
      rerun(server, 'stack.env,openclaw.*,stack.services'),
    );
  },
});
