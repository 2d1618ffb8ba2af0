// One notice by one channel: each kind in its own words. What opens a channel stands in no error.
import type { AlertChannel, Notice } from '../model.js';
import { sendMail } from './email.js';
import { post } from './post.js';

/** Plain text, as every channel shows it: one line, then the rest. */
export const words = ({ server, title, lines }: Notice): { subject: string; body: string } => ({
  subject: `[${server}] ${title}`,
  body: lines.join('\n'),
});

/** For people: which one it is, without what opens it. */
export const shownChannel = ({ type, url, chat, to, host }: AlertChannel): string =>
  [type, { ntfy: url, telegram: chat, email: `${to.join(', ')} by ${host}`, webhook: undefined }[type]]
    .filter(Boolean)
    .join(' ');

type Send = (channel: AlertChannel, notice: Notice, secret: string) => Promise<void>;

/** Throws with what the far end said; `secret` is empty where the channel needs none. */
export const send: Send = (channel, notice, secret) => SENDERS[channel.type](channel, notice, secret);

const PRIORITY = { info: 3, warning: 4, critical: 5 } as const;

const SENDERS: Record<AlertChannel['type'], Send> = {
  // As JSON to the server itself: a title in a header could hold nothing but ASCII (docs.ntfy.sh/publish).
  ntfy: ({ url = '' }, notice, token) => {
    const { subject, body } = words(notice);
    const at = url.replace(/\/+$/, '');
    const cut = at.lastIndexOf('/');
    const said = { topic: at.slice(cut + 1), title: subject, message: body || subject };
    const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
    return post(at.slice(0, cut + 1), { ...said, priority: PRIORITY[notice.level] }, headers);
  },
  // https://core.telegram.org/bots/api#sendmessage; without parse_mode nothing in it is an order.
  telegram: ({ url = 'https://api.telegram.org', chat }, notice, token) => {
    const { subject, body } = words(notice);
    const text = `${subject}\n\n${body}`.slice(0, 4_000);
    const said = { chat_id: chat, text, link_preview_options: { is_disabled: true } };
    return post(`${url.replace(/\/+$/, '')}/bot${token}/sendMessage`, said);
  },
  // `text` is what Slack and Mattermost show, `content` what Discord does.
  webhook: (_, notice, address) => {
    const { subject, body } = words(notice);
    const content = `${subject}\n${body}`.slice(0, 1_900);
    return post(address, { text: content, content, ...notice });
  },
  email: (channel, notice, password) => sendMail(channel, words(notice), password),
};
