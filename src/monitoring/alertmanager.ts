// alertmanager.yml: the same ways to people as `alerts` has, in Alertmanager's words; what opens each is in a file of its own.
import type { AlertChannel, Server } from '../model.js';
import { yamlText } from '../stack/yaml-text.js';

const HEADING = `Who is told. Written by clincher from \`alerts\` of clincher.yaml: edit that, then \`clincher run monitoring\`.
Unlike clincher, which tells by the first way that works, Alertmanager tells by all of them.`;

/** Inside the container. */
const FOLDER = '/etc/alertmanager';

export const channelFile = (at: number): string => `channels/${at}`;

const credentials = (at: number): string => `${FOLDER}/${channelFile(at)}`;

type Receiver = Record<string, object[]>;

const common = { send_resolved: true };

const RECEIVERS: Record<AlertChannel['type'], (channel: AlertChannel, at: number) => Receiver> = {
  // ntfy knows Alertmanager's JSON by a template of its own (docs.ntfy.sh/publish/#message-templating).
  ntfy: ({ url = '', secret }, at) => ({
    webhook_configs: [
      {
        ...common,
        url: `${url}?template=alertmanager`,
        ...(secret === undefined
          ? {}
          : { http_config: { authorization: { credentials_file: credentials(at) } } }),
      },
    ],
  }),
  telegram: ({ url, chat }, at) => ({
    telegram_configs: [
      {
        ...common,
        ...(url === undefined ? {} : { api_url: url.replace(/\/+$/, '') }),
        bot_token_file: credentials(at),
        chat_id: Number(chat),
        parse_mode: '',
      },
    ],
  }),
  email: ({ host, port, user, from, to, secret }, at) => ({
    email_configs: [
      {
        ...common,
        ...{ to: to.join(', '), from, smarthost: `${host}:${port}`, require_tls: port !== 465 },
        ...(user === undefined ? {} : { auth_username: user }),
        ...(user === undefined || secret === undefined ? {} : { auth_password_file: credentials(at) }),
      },
    ],
  }),
  webhook: (_, at) => ({ webhook_configs: [{ ...common, url_file: credentials(at) }] }),
};

function receiver(channels: readonly AlertChannel[]): Record<string, unknown> {
  const all: Receiver = {};
  for (const [at, channel] of channels.entries())
    for (const [key, list] of Object.entries(RECEIVERS[channel.type](channel, at)))
      all[key] = [...(all[key] ?? []), ...list];
  return { name: 'people', ...all };
}

export const alertmanagerConfig = ({ alerts, watchdog }: Server): string =>
  yamlText(HEADING, {
    route: {
      receiver: 'people',
      group_by: ['alertname', 'server'],
      group_wait: '15s',
      group_interval: '1m',
      repeat_interval: `${watchdog.cooldown_minutes * 8}m`,
    },
    inhibit_rules: [
      // Who cannot be read is not also told to be slow, full and old.
      {
        source_matchers: ['alertname="ServerUnread"'],
        target_matchers: ['alertname!="ServerUnread"'],
        equal: ['server'],
      },
    ],
    receivers: [receiver(alerts.channels)],
  });
