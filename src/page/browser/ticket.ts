// In the browser: the link that the page was opened by, kept by this tab alone and taken out of the address at once.

const KEPT = 'clincher-link';

/** `token.key`; the key is this tab's own, so the link is of no use to anybody who sees it later. */
export function ticket(): string | undefined {
  const [, token] = /^#([\w-]{43})$/.exec(location.hash) ?? [];
  if (location.hash !== '') history.replaceState(null, '', '/');
  if (token === undefined) return sessionStorage.getItem(KEPT) ?? undefined;
  const kept = sessionStorage.getItem(KEPT);
  if (kept?.startsWith(`${token}.`)) return kept;
  const made = `${token}.${newKey()}`;
  sessionStorage.setItem(KEPT, made);
  return made;
}

export const forget = (): void => sessionStorage.removeItem(KEPT);

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
