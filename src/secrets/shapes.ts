// Named shapes of secrets: whether a pasted value can be what was asked for, said before it is stored.

interface Shape {
  pattern: RegExp;
  /** What it is, and where to find it. */
  wanted: string;
}

/** `console` is the page that makes the key. Lengths are left open: providers change them without a word. */
const key = (title: string, prefix: string, console: string, rest = '[A-Za-z0-9_-]{16,}'): Shape => ({
  pattern: new RegExp(`^${prefix}${rest}$`),
  wanted: `${title} begins with ${prefix} (${console})`,
});

/** Only prefixes that every key of theirs has. Mistral, Cohere, Azure and others have none, so any text will do. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'telegram-bot-token': {
    pattern: /^\d{6,12}:[A-Za-z0-9_-]{30,}$/,
    wanted:
      'a bot token is digits, a colon and 35 characters, as @BotFather prints it after /newbot or /token',
  },
  'discord-bot-token': {
    pattern: /^[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}$/,
    wanted:
      'a Discord bot token is three parts with dots between them (discord.com/developers, Bot, Reset Token)',
  },
  'slack-bot-token': {
    // Tokens that Slack rotates have xoxe. before it.
    pattern: /^(?:xoxe\.)?xoxb-[A-Za-z0-9-]{16,}$/,
    wanted: 'a Slack bot token begins with xoxb- (api.slack.com/apps, OAuth & Permissions)',
  },
  'slack-app-token': key(
    'a Slack app token',
    'xapp-',
    'api.slack.com/apps, Basic Information',
    '[A-Za-z0-9-]{16,}',
  ),
  'anthropic-api-key': key('an Anthropic key', 'sk-ant-', 'console.anthropic.com'),
  'voyage-api-key': key('a Voyage key', 'pa-', 'dash.voyageai.com'),
  'openai-api-key': {
    pattern: /^sk-(?!ant-|or-v1-)[A-Za-z0-9_-]{16,}$/,
    wanted:
      'an OpenAI key begins with sk-, and neither with sk-ant- nor with sk-or- (platform.openai.com; the key of another server that speaks as OpenAI does is stored under a name of its own)',
  },
  'openrouter-api-key': key('an OpenRouter key', 'sk-or-', 'openrouter.ai/keys'),
  'deepseek-api-key': key('a DeepSeek key', 'sk-', 'platform.deepseek.com'),
  'xai-api-key': key('an xAI key', 'xai-', 'console.x.ai'),
  'groq-api-key': key('a Groq key', 'gsk_', 'console.groq.com'),
  'gemini-api-key': {
    // Google’s newer keys begin with AQ.
    pattern: /^(?:AIza|AQ\.)[A-Za-z0-9_.-]{20,}$/,
    wanted: 'a Gemini key begins with AIza or AQ. (aistudio.google.com)',
  },
  'perplexity-api-key': key('a Perplexity key', 'pplx-', 'perplexity.ai/settings/api'),
  'replicate-api-key': key('a Replicate token', 'r8_', 'replicate.com/account/api-tokens'),
  'cerebras-api-key': key('a Cerebras key', 'csk-', 'cloud.cerebras.ai'),
  'nvidia-api-key': key('an NVIDIA key', 'nvapi-', 'build.nvidia.com'),
  'jina-api-key': key('a Jina key', 'jina_', 'jina.ai'),
  'tailscale-auth-key': key(
    'a Tailscale auth key',
    'tskey-auth-',
    'admin console, Settings, Keys',
    '[A-Za-z0-9-]{10,}',
  ),
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

/** The same where a gate may ask for no shape. */
export const mistakeOf = (shape: string | undefined, value: string): string | undefined =>
  (shape === undefined ? commonMistake(value) : checkShape(shape, value)) ?? undefined;

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
