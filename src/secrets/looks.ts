// Recognises text that is probably a secret, so that no error message, code frame or log repeats it.

const MARKERS: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/,
  /AGE-SECRET-KEY-/i,
  /\b\d{6,12}:[A-Za-z0-9_-]{25,}/, // Telegram bot token
  /\b(?:sk|pk|rk|pa|xox[a-z]|gh[a-z]|glpat|tskey|AKIA|ASIA|AIza)[-_A-Za-z0-9]{12,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\./, // JSON web token
  /:\/\/[^/\s:@]+:[^/\s@]+@/, // user and password in an address
];

/** Long runs that mix letters and digits; public keys and fingerprints are long too, and public. */
const RUN = /(?<![A-Za-z0-9+/=_-])(?!AAAA[A-Z])(?<!SHA256:)[A-Za-z0-9+/=_-]{20,}/g;

const isMixed = (run: string): boolean => /\d/.test(run) && /[A-Za-z]/.test(run);

export function looksSecret(text: string): boolean {
  if (MARKERS.some((marker) => marker.test(text))) return true;
  return (text.match(RUN) ?? []).some(isMixed);
}

/** Names under which people keep secrets, mistyped ones too: `bot_token`, `sudo_pasword`, `api-key`. */
export const isSecretName = (name: string): boolean =>
  /pas+[-_]?(?:w|ph)|\bpass$|secr?et|tok?en|tokn|credential|(?:api|private|master|access)[-_]?key|^key$/i.test(
    name,
  );

/** The text with everything that looks secret made unreadable; its length stays. */
export function maskSecrets(text: string): string {
  const stars = (match: string): string => '*'.repeat(match.length);
  const marked = MARKERS.reduce(
    (rest, marker) => rest.replace(new RegExp(marker, `${marker.flags}g`), stars),
    text,
  );
  return marked.replace(RUN, (run) => (isMixed(run) ? stars(run) : run));
}
