// Builds the shell scripts that hosts run and reads their framed answers. Pure; the only place that quotes.
import { AUDIT_LOG } from '../commands/audit-log.js';
import { READ_FILE } from '../commands/files.js';
import { OWNER, OWNER_LOCK } from '../commands/owner.js';
import type { Action, Command, Reading } from '../model.js';
import { PERL } from './file-reads.js';

/** POSIX single quotes; plain words stay readable. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new Error('a command may not contain NUL');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export const render = (command: Command): string =>
  command.map((word) => (typeof word === 'string' ? quote(word) : word.operator)).join(' ');

/**
 * A whole script in braces: a connection that breaks while it is being sent leaves a syntax error, not half a script.
 * PATH has the sbin folders, which a non-login shell of Debian lacks; LC_ALL keeps every tool's words in English.
 */
export const whole = (body: string): string =>
  `{\nexport LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n${body}\n}\n`;

/** How many readings run side by side: most of them wait for a daemon or the disk, and one core must not be swamped. */
const LANES = 3;

/**
 * Reads many things in one round trip. Each answer is framed by lines that start with the nonce. Everything is sent in
 * one piece at the end: sshd does not set TCP_NODELAY, and many small writes would each wait for a delayed ACK (40 ms).
 */
export function surveyScript(commands: readonly string[], nonce: string): string {
  const reads = surveyReads(commands, nonce);
  const lanes = Array.from({ length: LANES }, (_, lane) => reads.filter((_, i) => i % LANES === lane));
  const started = lanes.map((lane, i) => `{ e=$d/err${i}\n${lane.join('\n')}\n} >"$d/out${i}" &`);
  return whole(`d=$(mktemp -d) || exit 1; trap 'rm -rf "$d"' EXIT
f() { printf '\\n@%s %s %s\\n' ${nonce} "$1" "$2"; if [ "$2" != 0 ]; then head -c 2000 "$e"; fi; printf '\\n@%s .\\n' ${nonce}; }
${started.join('\n')}
wait
printf '\\n@%s end\\n' ${nonce} >"$d/rest"; cat "$d"/out* "$d/rest"`);
}

/** Files by one process, everything else by a subshell of its own. */
function surveyReads(commands: readonly string[], nonce: string): string[] {
  const prefix = `${READ_FILE} `;
  const files = commands.flatMap((command, i) =>
    command.startsWith(prefix) ? [`${i} ${command.slice(prefix.length)}`] : [],
  );
  const others = commands.flatMap((command, i) =>
    command.startsWith(prefix) ? [] : [`( ${command}\n) </dev/null 2>"$e"; f ${i} $?`],
  );
  if (files.length === 0) return others;
  return [`perl -e ${quote(PERL)} ${nonce} ${files.join(' ')} </dev/null 2>/dev/null`, ...others];
}

/** Readings in the order of the commands; null when the answer is not whole (the host was lost in between). */
export function parseSurvey(answer: string, nonce: string): Reading[] | null {
  const mark = `\n@${nonce} `;
  const parts = answer.split(mark);
  if (parts.at(-1)?.trim() !== 'end') return null;
  const readings: Reading[] = [];
  for (let i = 0; i + 2 < parts.length; i += 2) {
    const tail = parts[i + 1] ?? '';
    readings[Number.parseInt(tail, 10)] = parseFrame(parts[i] ?? '', tail);
  }
  return readings;
}

/** `before` is the end of the previous frame and this command's stdout; `tail` is its index, exit code and stderr. */
function parseFrame(before: string, tail: string): Reading {
  const newline = tail.indexOf('\n');
  const exitCode = Number(tail.slice(0, newline).split(' ')[1]);
  return {
    stdout: before.startsWith('.\n') ? before.slice(2) : before,
    stderr: tail.slice(newline + 1),
    exitCode,
  };
}

/** A here-document that passes any content but NUL through, its missing last newline included. */
function heredoc(content: string, nonce: string): string {
  return `<<'${nonce}'\n${content}\n${nonce}\n`;
}

/** One action of a job. Content is decoded from base64 so that no byte of it meets the shell. */
function runAction({ command, stdin }: Action): string {
  if (stdin === undefined) return `( ${render(command)}\n) </dev/null`;
  return `printf %s ${quote(Buffer.from(stdin).toString('base64'))} | base64 -d | ( ${render(command)}\n)`;
}

/** The body of a job: every action in order, the first failure ends it with its exit code. */
export function jobBody(actions: readonly Action[]): string {
  return whole(actions.map((action) => `${runAction(action)} || exit $?`).join('\n'));
}

export interface JobSpec {
  /** Letters, digits, dots and dashes: names the systemd unit and the folder. */
  key: string;
  body: string;
  /** Written to the host's audit log when the job starts: `run who step what`. */
  audit: readonly string[];
  /** What the job changes, as JSON: kept beside it for an attempt that finds it begun. */
  changes: string;
  timeoutMs: number;
  /** Run when the job has ended, whatever ended it: a kill, its deadline. */
  after?: Command | undefined;
  /** Whose job it is: it is not begun where another control plane has adopted the server meanwhile. */
  plane?: string | undefined;
}

/** `run who step what`, in the host's own time. */
export const auditLine = (line: string): string =>
  `printf '%s %s\\n' "$(date -u +%FT%TZ)" ${quote(line)} >>${AUDIT_LOG}`;

/** Where jobs live: a tmpfs, since a job does not outlive its host's power; its body, which may hold secrets, goes first. */
export const JOBS = '/run/clincher/jobs';

/**
 * Starts a job in a systemd unit of its own, or attaches to it when a former attempt started it; follows its output;
 * ends with a frame `<exit code> <new|old>` and the log. The unit outlives the connection and the worker.
 */
export function jobScript(spec: JobSpec, nonce: string): string {
  const dir = `${JOBS}/${spec.key}`;
  const audit = spec.audit.map(auditLine);
  return whole(`d=${dir}; umask 077; mkdir -p "$d" /var/log/clincher || exit 1; age=old
exec 9>"$d/lock"; flock 9
if [ ! -e "$d/started" ]; then
${ownersOnly(spec, nonce)}age=new
cat >"$d/body.tmp" ${heredoc(spec.body, nonce)}mv "$d/body.tmp" "$d/body"; : >"$d/log"
cat >"$d/changes" ${heredoc(spec.changes, nonce)}cat >"$d/start" ${heredoc(`sh "$1/body" >>"$1/log" 2>&1 </dev/null; echo $? >"$1/exit.tmp"; rm -f "$1/body"; mv "$1/exit.tmp" "$1/exit"`, nonce)}${audit.join('\n')}
: >"$d/started"
systemd-run --quiet --collect --unit=${unitOf(spec.key)} --property=RuntimeMaxSec=${Math.ceil(spec.timeoutMs / 1000)}${afterwards(spec)} sh "$d/start" "$d" || { rm -f "$d/started"; exit 1; }
fi
exec 9>&- 8>&-
${follow(spec.key, nonce)}`);
}

/** Under the lock of adoptions: one that comes later finds the job at work. */
function ownersOnly({ plane }: JobSpec, nonce: string): string {
  if (plane === undefined) return '';
  return `mkdir -p /var/lib/clincher; exec 8>${OWNER_LOCK}; flock -s 8
if [ -s ${OWNER} ] && ! grep -qF ${quote(`"plane":"${plane}"`)} ${OWNER}; then printf '\\n@%s owner\\n' ${nonce}; cat ${OWNER}; printf '\\n@%s end\\n' ${nonce}; exit 0; fi
`;
}

/** systemd.service(5): ExecStopPost runs after a service that was killed as well; its body may hold secrets. */
const afterwards = ({ after, key }: JobSpec): string =>
  [`/bin/rm -f ${JOBS}/${key}/body`, ...(after === undefined ? [] : [render(after)])]
    .map((command) => ` --property=${quote(`ExecStopPost=-${command}`)}`)
    .join('');

export const unitOf = (key: string): string => `clincher-${key}`;

/** Streams the log until the exit code is there. A unit that died without one (a kill, an out-of-memory) counts as 137. */
function follow(key: string, nonce: string): string {
  return `tail -n +1 -f "$d/log" 2>/dev/null & t=$!; trap 'kill $t 2>/dev/null' EXIT; n=0
while [ ! -e "$d/exit" ]; do
sleep 0.0$((n < 20 ? 3 : 9)); n=$((n+1))
if [ $((n % 20)) = 0 ] && [ ! -e "$d/exit" ] && ! systemctl -q is-active ${unitOf(key)}; then sleep 0.3; [ -e "$d/exit" ] || echo 137 >"$d/exit"; fi
done
kill $t 2>/dev/null; wait $t 2>/dev/null
printf '\\n@%s %s %s\\n' ${nonce} "$(cat "$d/exit")" "$age"; tail -c 65536 "$d/log"; printf '\\n@%s end\\n' ${nonce}`;
}

export interface JobResult {
  exitCode: number;
  /** False: a former attempt had started it, this one found its result. */
  fresh: boolean;
  log: string;
}

/** `notOurs`: it was not begun, since somebody else has the server; what the host says of them. */
export function parseJob(answer: string, nonce: string): JobResult | { notOurs: string } | null {
  const [, head, end] = answer.split(`\n@${nonce} `);
  if (head === undefined || end?.trim() !== 'end') return null;
  const newline = head.indexOf('\n');
  if (head.startsWith('owner\n')) return { notOurs: head.slice(newline + 1) };
  const [code, age] = head.slice(0, newline).split(' ');
  return { exitCode: Number(code), fresh: age === 'new', log: head.slice(newline + 1) };
}

/** What is known of a job: `none`, `running`, `exit <code>` or `reverted` by its guard; then, as JSON, what it changes. */
export const jobState = (key: string): string =>
  whole(`d=${JOBS}/${key}
if [ -e ${GUARDS}/${key}/reverted ]; then echo reverted; elif [ -e "$d/exit" ]; then echo "exit $(cat "$d/exit")"; elif [ -e "$d/started" ]; then echo running; else echo none; fi
cat "$d/changes" 2>/dev/null; true`);

/** Where guards live: on disk, since a reboot inside the window must revert too. */
export const GUARDS = '/var/lib/clincher/guard';
