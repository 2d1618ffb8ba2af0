// A request with JSON to whoever takes alerts: an answer in time, no way led elsewhere, and an error without the address.
const PATIENCE_MS = 10_000;

export async function post(
  address: string,
  said: object,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(said),
    // Whoever is sent elsewhere would carry the token there.
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((error: Error) => {
    throw new Error(whyNot(error));
  });
  const body = (await answer.text().catch(() => '')).trim();
  if (!answer.ok) throw new Error(`it answers ${answer.status}: ${body.slice(0, 200) || answer.statusText}`);
}

/** `fetch failed` says nothing; its cause does, and names no path. */
export function whyNot({ name, message, cause }: Error): string {
  if (name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} s`;
  const { code, message: why = '' } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? (why || message);
}
