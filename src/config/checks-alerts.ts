// Cross-checks of `alerts.channels`: what each kind of channel needs.
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

type Channel = NamedServer['alerts']['channels'][number];

const NEEDS: Record<Channel['type'], readonly (keyof Channel)[]> = {
  ntfy: ['url'],
  telegram: ['chat', 'secret'],
  email: ['host', 'from', 'to'],
  webhook: ['secret'],
};

export const checkAlerts = ({ alerts: { channels } }: NamedServer): Finding[] =>
  channels.flatMap((channel, at) => [...missing(channel, at), ...topic(channel, at), ...login(channel, at)]);

const about = (at: number, key: string, sentence: string): Finding =>
  finding(['alerts', 'channels', at, key], sentence);

const isEmpty = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.length === 0);

const missing = (channel: Channel, at: number): Finding[] =>
  NEEDS[channel.type]
    .filter((key) => isEmpty(channel[key]))
    .map((key) => about(at, key, `is missing: a channel of type ${channel.type} needs it`));

/** Published to the server itself, an alert would reach nobody, and ntfy would say that it is fine. */
function topic({ type, url }: Channel, at: number): Finding[] {
  if (type !== 'ntfy' || url === undefined || new URL(url).pathname.replaceAll('/', '') !== '') return [];
  return [about(at, 'url', 'names no topic; write it behind the server, as in https://ntfy.sh/your-topic')];
}

const login = ({ type, user, secret }: Channel, at: number): Finding[] =>
  type === 'email' && (user === undefined) !== (secret === undefined)
    ? [about(at, user === undefined ? 'user' : 'secret', 'is missing: `user` and `secret` log in together')]
    : [];
