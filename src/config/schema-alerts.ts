// Keys of `alerts`: whom clincher tells of what happens while nobody is looking.
import * as z from 'zod';
import * as is from './fields.js';
import { secretReference, text } from './fields.js';
import { port } from './schema-ssh.js';

const channel = () =>
  z.strictObject({
    type: z
      .enum(['ntfy', 'telegram', 'email', 'webhook'])
      .describe(
        'Which way: a topic of ntfy, a bot of Telegram, an e-mail, or a request with JSON to any address.',
      ),
    url: text(is.webAddress)
      .optional()
      .describe('`ntfy`: the topic, such as https://ntfy.sh/your-topic; `telegram`: a Bot API of your own.'),
    chat: text(is.plainText).optional().describe('`telegram`: the chat’s id, or the @name of a channel.'),
    host: text(is.address).optional().describe('`email`: the SMTP server. It has to offer TLS.'),
    port: port()
      .default(587)
      .describe('`email`: its port; 465 is TLS from the first byte, others begin it. Default 587.'),
    user: text(is.plainText).optional().describe('`email`: who logs in there. Absent: nobody does.'),
    from: text(is.emailAddress).optional().describe('`email`: the sender.'),
    to: z.array(text(is.emailAddress)).default([]).describe('`email`: who gets it.'),
    secret: text(secretReference)
      .optional()
      .describe(
        'Secret reference to what opens it. `ntfy`: access token, where the topic wants one; `telegram`: the bot’s token; `email`: the password of `user`; `webhook`: the whole address, since whoever knows it may send.',
      ),
  });

export const alerts = () =>
  z.strictObject({
    channels: z
      .array(channel())
      .default([])
      .describe(
        'Ways to you, in this order: the first one that takes an alert has it. Empty: nobody is told. `clincher alerts test` tries each.',
      ),
    gate_minutes: z
      .int()
      .min(1)
      .max(7 * 24 * 60)
      .default(10)
      .describe(
        'A gate that nobody has answered is told after so many minutes, with the command that answers it; then once a day. Default 10.',
      ),
  });
