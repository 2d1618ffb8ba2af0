// Named shapes of secrets: whether a pasted value can be what was asked for, said before it is stored.

interface Shape {
  pattern: RegExp;
  /** What it is, and where to find it. */
  wanted: string;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  'telegram-bot-token': {
    pattern: /^\d{6,12}:[A-Za-z0-9_-]{30,}$/,
    wanted:
      'a bot token is digits, a colon and 35 characters, as @BotFather prints it after /newbot or /token',
  },
  'anthropic-api-key': {
    pattern: /^sk-ant-[A-Za-z0-9_-]{20,}$/,
    wanted: 'an Anthropic key begins with sk-ant- (console.anthropic.com)',
  },
  'voyage-api-key': {
    pattern: /^pa-[A-Za-z0-9_-]{20,}$/,
    wanted: 'a Voyage key begins with pa- (dash.voyageai.com)',
  },
  'tailscale-auth-key': {
    pattern: /^tskey-auth-[A-Za-z0-9-]{10,}$/,
    wanted: 'a Tailscale auth key begins with tskey-auth- (admin console, Settings, Keys)',
  },
  'cloudflare-tunnel-token': {
    pattern: /^eyJ[A-Za-z0-9+/=_-]{50,}$/,
    wanted: 'a tunnel token begins with eyJ (the last word of the command that Cloudflare’s dashboard shows)',
  },
};

export const SHAPE_NAMES: readonly string[] = Object.keys(SHAPES);

/** `telegram_bot_token` has the shape `telegram-bot-token`; `undefined` where any text will do. */
export function shapeOf(secretName: string): string | undefined {
  const shape = secretName === 'tunnel_token' ? 'cloudflare-tunnel-token' : secretName.replaceAll('_', '-');
  return Object.hasOwn(SHAPES, shape) ? shape : undefined;
}

/** A sentence for what is wrong, which never holds the value; null when nothing is. */
export function checkShape(shape: string, value: string): string | null {
  return commonMistake(value) ?? special(shape, value);
}

/** What is wrong with any secret of one line. */
export function commonMistake(value: string): string | null {
  if (value === '') return 'It is empty.';
  if (value.trim() !== value) return 'There are blanks before or after it.';
  if (/[\r\n]/.test(value)) return 'It has more than one line.';
  if (/[\0-\x1f\x7f]/.test(value))
    return 'It has control characters in it, as a paste from a terminal sometimes has.';
  return null;
}

function special(name: string, value: string): string | null {
  const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name] : undefined;
  if (shape === undefined || shape.pattern.test(value)) return null;
  return `${firstMistake(name, value)}${shape.wanted}.`;
}

function firstMistake(name: string, value: string): string {
  if (/^["'].*["']$/.test(value)) return 'There are quotes around it; ';
  if (/\s/.test(value)) return 'There is a blank in it; ';
  if (name !== 'telegram-bot-token') return '';
  if (/^@?\w+bot$/i.test(value)) return 'This is the bot’s name; ';
  if (/^\d+$/.test(value)) return 'The part after the colon is missing; ';
  return /^\d{6,12}:/.test(value) ? 'The part after the colon is cut short or has other characters; ' : '';
}
