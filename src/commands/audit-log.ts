// The host's own record of what was done to it: a line a change, with when, which run, who, which step and what.
import type { AuditPage, AuditQuestion, Fact } from '../model.js';
import { sh } from './shell.js';

export const AUDIT_LOG = '/var/log/clincher/audit.log';

/** A page must fit into one answer of Temporal's, whatever the host says: 400 lines of at most so many bytes. */
const PAGE = 400;
const LONGEST = 4000;

/** From the first line of that time or later; what stands below it belongs to it, also what has no time. */
const READ = `[ -e "$1" ] || exit 0
awk -v since="$2" 'found || ($1 ~ /^[0-9][0-9][0-9][0-9]-/ && $1 "" >= since) { found = 1; print substr($0, 1, ${LONGEST}) }' "$1" |
  tail -n "+$3" | head -n ${PAGE + 1}`;

/** A server that nobody touched has none. */
export const auditPage = ({ since = '', skip }: AuditQuestion): Fact<AuditPage> => ({
  read: sh(READ, AUDIT_LOG, since, String(skip + 1)),
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0 || stderr !== '') throw new Error(stderr.trim() || `${AUDIT_LOG} cannot be read`);
    const lines = stdout.split('\n').slice(0, -1);
    return { lines: lines.slice(0, PAGE).map(whole), more: lines.length > PAGE };
  },
});

const whole = (line: string): string => (line.length < LONGEST ? line : `${line} … (cut here)`);
