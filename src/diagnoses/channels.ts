// A channel is mute, or loses messages: its token, the way to its service, its settings, or somebody else who reads along.
import { defineCheck, rerun, runsGateway, unless } from '../checks/define.js';
import { logLines } from '../commands/log-lines.js';
import { CONTAINER } from '../commands/openclaw.js';
import type { Server, Suspect } from '../model.js';
import { defineDiagnosis, differs, failed } from './define.js';
import { converge, rotate, startChannel } from './repairs.js';

const hasTelegram = (server: Server): boolean => runsGateway(server) && server.channels.telegram.enabled;

const reader = defineCheck({
  id: 'diagnose.telegram-log',
  title: 'Nobody else reads the bot’s messages',
  why: 'Telegram gives each message to one reader: what the other one gets is lost here.',
  source: 'https://core.telegram.org/bots/api#getupdates',
  vantage: 'host',
  wanted: hasTelegram,
  facts: () => ({ conflicts: logLines(CONTAINER, 'terminated by other getUpdates|409.*conflict') }),
  judge: ({ conflicts }) => unless(conflicts, 'no conflict in the last ten minutes'),
});

export const telegramDrops = defineDiagnosis({
  id: 'diagnose.telegram-drops',
  symptom: 'Telegram drops messages',
  why: 'People write, and only some of it arrives.',
  source: 'guide Step 12, row 8; https://core.telegram.org/bots/api#getupdates',
  wanted: hasTelegram,
  asks: [reader],
  suspects: [
    {
      id: 'telegram-second-reader',
      title: 'somebody else has the bot’s token, and reads along',
      needs: [failed('diagnose.telegram-log', /./, 3)],
      repair: rotate('channels.telegram.token'),
      byHand: () => ['@BotFather, /revoke: the other reader loses the bot at that moment'],
    },
    {
      id: 'telegram-settings',
      title: 'its settings differ from the configuration',
      needs: [differs('openclaw.config', /channels\.telegram/, 2)],
      repair: converge('openclaw.config,stack.services'),
    },
  ],
});

/** By its key in clincher.yaml: what each channel logs in with. */
const TOKENS = {
  telegram: 'channels.telegram.token',
  discord: 'channels.discord.token',
  slack: 'channels.slack.bot_token',
} as const;

const NAMES = Object.keys(TOKENS) as (keyof typeof TOKENS)[];

const refused = (check: string) => failed(check, /refuses the token|has no /);

/** Since 2026.8: after three sudden ends within five minutes it comes up without channels, and says that it is ready. */
const HELD_BACK = /restart-loop breaker/;

/** What comes from elsewhere than the vault is changed there, and taken up. */
const renewed = (server: Server): string => rerun(server, 'stack.secrets,stack.services');

const suspectsOf = ([name, path]: [string, string]): Suspect[] => {
  const check = `verify.channel-${name}`;
  return [
    {
      id: `${name}-token-here`,
      title: `the token of ${name} on the server is not the vault’s`,
      needs: [refused(check), differs('stack.secrets', /./, 2)],
      repair: converge('stack.secrets,stack.services'),
    },
    {
      id: `${name}-token`,
      title: `the token of ${name} is refused: it was revoked`,
      needs: [refused(check)],
      repair: rotate(path),
      byHand: (server) => (rotate(path)(server) ? [] : [`a new one where ${path} points`, renewed(server)]),
    },
    {
      id: `${name}-way-out`,
      title: `the egress proxy does not let ${name} out`,
      needs: [failed(check, /not on its list/, 3)],
      also: [differs('stack.egress', /./)],
      repair: converge('stack.egress,stack.services'),
    },
    {
      id: `${name}-held-back`,
      title: `the gateway ended three times within five minutes, and since then holds ${name} back`,
      needs: [failed(check, HELD_BACK, 3)],
      repair: startChannel(name),
      byHand: () => ['or wait: it starts it by itself five minutes after the last of those ends'],
    },
    {
      id: `${name}-off`,
      title: `the gateway does not run ${name}`,
      needs: [failed(check, /does not run \w+: (?!.*restart-loop breaker)/)],
      also: [differs('openclaw.config', /channels\.|plugins\./, 2)],
      repair: converge('openclaw.config,stack.services'),
      byHand: ({ name: server }) => [`clincher pairing ls -s ${server}   says who waits to be let in`],
    },
  ];
};

export const channelMute = defineDiagnosis({
  id: 'diagnose.channel',
  symptom: 'A channel does not connect',
  why: 'A channel that is mute says so nowhere: people write to it and wait.',
  source: 'guide Step 12, row 9',
  wanted: (server) => runsGateway(server) && NAMES.some((name) => server.channels[name].enabled),
  suspects: Object.entries(TOKENS).flatMap(suspectsOf),
});
