// Whose a server is, as it says itself: which control plane works on it now, and which one has adopted it.
import type { Action, Command, Fact, Role } from '../model.js';
import { AUDIT_LOG } from './audit-log.js';
import { FENCED, type Fenced, parseFenced } from './fence.js';
import { MARK, type Mark, parseMark } from './mark.js';
import { sh } from './shell.js';

/** Written by an adoption alone: without it a server is anybody's who may log in. */
export const OWNER = '/var/lib/clincher/owner';

/** Held while it is asked and written whose a server is. */
export const OWNER_LOCK = '/var/lib/clincher/mark.lock';

export interface Owner {
  plane: string;
  who: string;
  /** ISO 8601, by the adopter's clock. */
  since: string;
  reason: string;
  /** Empty: nobody had adopted it before. */
  from: string;
}

export const parseOwner = (text: string): Owner | null => {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return null;
  }
};

/** Null: nobody has adopted it. */
export const owner: Fact<Owner | null> = {
  read: ['cat', OWNER],
  parse: ({ stdout }) => parseOwner(stdout),
};

/** Both under one lock: of two control planes that come at once, one sees what the other has written. */
const LOCKED = `umask 077; mkdir -p /var/lib/clincher /var/log/clincher; exec 9>${OWNER_LOCK}; flock 9
owner=$(cat ${OWNER} 2>/dev/null); mark=$(cat ${MARK} 2>/dev/null)
is() { case $1 in *'"plane":"'"$plane"'"'*) ;; *) return 1;; esac; }`;

/** The last line says what came of it: \`ours\`, \`owner\` or \`mark\` with whose it is instead, \`fenced\` where another server goes on in its place. */
const CLAIM = `${LOCKED}
plane=$1
[ -z "$owner" ] || is "$owner" || { printf 'owner %s\\n' "$owner"; exit; }
fenced=$(cat ${FENCED} 2>/dev/null)
[ -z "$fenced" ] || [ "$5" != primary ] || case $fenced in *'"run":"'"$6"'"'*) ;; *) printf 'fenced %s\\n' "$fenced"; exit ;; esac
[ -z "$mark" ] || is "$mark" || [ -n "$3" ] || { printf 'mark %s\\n' "$mark"; exit; }
printf '%s\\n' "$2" >${MARK}
was=$(printf %s "$mark" | sed -n 's/.*"run":"\\([^"]*\\)".*/\\1/p')
[ -z "$3" ] || printf '%s takes over from %s: %s\\n' "$4" "\${was:-nobody}" "$3" >>${AUDIT_LOG}
echo ours`;

/** Marks the server as this run's. \`head\` begins the line of the audit log, where a reason is given. */
export const claimMark = (mark: Mark, reason: string | undefined, head: string, role: Role): Command =>
  sh(CLAIM, mark.plane, JSON.stringify(mark), reason ?? '', head, role, mark.run);

/** So long after an adoption nobody else may adopt: of two who come at once, one is told of the other. */
export const SETTLED_MINUTES = 10;

/**
 * \`lost\`: another one was faster, or has just done so. \`reason\`: somebody may be at work, so it wants one. What a former
 * control plane began on the host and has not ended is such a sign as well.
 */
const ADOPT = `${LOCKED}
plane=$1
is "$owner" && { echo ours; exit; }
[ "$owner" = "$2" ] || { printf 'lost %s\\n' "$owner"; exit; }
[ -z "$owner" ] || [ -z "$(find ${OWNER} -mmin -${SETTLED_MINUTES} 2>/dev/null)" ] || { printf 'lost %s\\n' "$owner"; exit; }
job=$(systemctl list-units --plain --no-legend --state=active,activating 'clincher-????????-????-????-????-????????????.*' 2>/dev/null | awk '{ print $1; exit }')
if [ -z "$4" ]; then
is "$mark" || [ -z "$mark" ] || { printf 'reason mark %s\\n' "$mark"; exit; }
[ -z "$owner" ] || { printf 'reason owner %s\\n' "$owner"; exit; }
[ -z "$job" ] || { printf 'reason job %s\\n' "$job"; exit; }
fi
printf '%s\\n' "$3" >${OWNER}.new && sync ${OWNER}.new && mv ${OWNER}.new ${OWNER}
is "$mark" || rm -f ${MARK}
was=$(printf %s "$mark" | sed -n 's/.*"run":"\\([^"]*\\)".*/ (of run \\1)/p')
printf '%s adopts this server%s: %s\\n' "$5" "$was" "\${4:-nobody was at work}" >>${AUDIT_LOG}
echo adopted`;

export const adopt = (seen: Owner | null, next: Owner, head: string): Action => ({
  command: sh(
    ADOPT,
    next.plane,
    seen === null ? '' : JSON.stringify(seen),
    JSON.stringify(next),
    next.reason,
    head,
  ),
});

export type Answered =
  | { is: 'ours' | 'adopted' }
  | { is: 'owner' | 'lost'; owner: Owner | null }
  | { is: 'mark'; mark: Mark | null }
  | { is: 'fenced'; fenced: Fenced | undefined }
  | { is: 'reason'; why: string };

/** Throws where the host gave no answer at all. */
export function answered(stdout: string): Answered {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  const [, is = '', rest = ''] = /^(ours|adopted|owner|mark|lost|fenced|reason)(?: (.*))?$/.exec(line) ?? [];
  if (is === 'ours' || is === 'adopted') return { is };
  if (is === 'owner' || is === 'lost') return { is, owner: parseOwner(rest) };
  if (is === 'mark') return { is, mark: parseMark(rest) };
  if (is === 'fenced') return { is, fenced: parseFenced(rest) };
  if (is === 'reason') return { is, why: rest };
  throw new Error(`no answer about whose it is: ${line.slice(0, 200)}`);
}
