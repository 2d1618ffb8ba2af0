// Asks Telegram whether a bot token works. The token is part of the address, so no error text of others is passed on.

export type TokenCheck = { ok: true; username: string } | { ok: false; reason: string } | { unknown: string };

export interface TokenCheckOptions {
  fetch?: typeof fetch;
  timeoutMs?: number;
  /** A Bot API server of your own. */
  api?: string;
}

/** Telegram lets anybody run the Bot API: https://core.telegram.org/bots/api#using-a-local-bot-api-server */
const ownApi = (): string | undefined => process.env['CLINCHER_TELEGRAM_API'] || undefined;

/** `unknown` when the API cannot be asked: neither a good nor a bad token. */
export async function checkTelegramToken(
  token: string,
  options: TokenCheckOptions = {},
): Promise<TokenCheck> {
  const { fetch: ask = fetch, timeoutMs = 5000, api = ownApi() ?? 'https://api.telegram.org' } = options;
  try {
    const response = await ask(`${api}/bot${encodeURIComponent(token)}/getMe`, {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    });
    return judge(response.status, await response.json().catch(() => undefined));
  } catch (error) {
    return { unknown: `Telegram could not be asked (${codeOf(error)}).` };
  }
}

function judge(status: number, body: unknown): TokenCheck {
  const answer = body as { ok?: unknown; result?: { username?: unknown; is_bot?: unknown } } | undefined;
  if (status === 401 || status === 404)
    return {
      ok: false,
      reason: 'Telegram does not know this token: it was mistyped, or revoked in @BotFather.',
    };
  const username = answer?.result?.username;
  if (status === 200 && answer?.ok === true && typeof username === 'string' && /^\w{3,64}$/.test(username))
    return { ok: true, username };
  return { unknown: `Telegram answered with status ${status}, which says nothing about the token.` };
}

function codeOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return 'no answer in time';
  return typeof cause?.code === 'string' && /^[A-Z_]{2,40}$/.test(cause.code) ? cause.code : 'no connection';
}
