// Debian packages: what is installed, what can be had, and installing it patiently (apt-get(8), dpkg(1)).
import type { Action, Fact } from '../model.js';
import type { FileWant } from './files.js';
import { action, sh } from './shell.js';

/** Versions of the installed ones among `names`; a package that is half installed counts as missing. */
export function installed(names: readonly string[]): Fact<Map<string, string>> {
  return {
    read: ['dpkg-query', '-W', '-f', '${Package} ${db:Status-Status} ${Version}\\n', '--', ...names],
    parse({ stdout, stderr, exitCode }) {
      // 1: some are unknown to dpkg, which is an answer.
      if (exitCode > 1) throw new Error(stderr || 'dpkg-query does not answer');
      const words = stdout.split('\n').map((line) => line.split(' '));
      const whole = words.filter(([, status]) => status === 'installed');
      return new Map(whole.map(([name = '', , version = '']) => [name, version]));
    },
  };
}

/** A dpkg that was interrupted: every later installation fails until it is finished. `dpkg --audit` says it slower. */
export const interrupted: Fact<boolean> = {
  read: sh(
    'ls -A /var/lib/dpkg/updates; grep -m 1 -E "^Status: .* (reinstreq .*|unpacked|half-[a-z]+|triggers-[a-z]+)$" /var/lib/dpkg/status; true',
  ),
  parse: ({ stdout }) => stdout !== '',
};

/** How long another holder of the package manager is waited for; the rest of a step's time is for the work. */
export const LOCK_WAIT_SECONDS = 240;

/** Exit code of a command that waited in vain (EX_TEMPFAIL of sysexits.h). */
export const LOCKED_EXIT = 75;

/**
 * Who holds apt or dpkg, one `name (pid 812)` a line. /proc/locks names the holder by inode, which needs neither fuser nor
 * lsof; a holder in another pid namespace does not show.
 */
const HOLDERS = `holders() {
  for f in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
    [ -e "$f" ] || continue
    i=$(stat -c %i "$f")
    while read -r _ _ _ how pid dev _; do
      [ "$how" = WRITE ] && [ "\${dev##*:}" = "$i" ] && echo "$(cat "/proc/$pid/comm" 2>/dev/null) (pid $pid)"
    done </proc/locks
  done | sort -u
}
`;

/** Who holds the package manager right now: `unattended-upgr (pid 812)`; empty when it is free. */
export const holders: Fact<string[]> = {
  read: sh(`${HOLDERS}holders`),
  parse: ({ stdout }) => stdout.split('\n').filter(Boolean),
};

const PATIENCE = `${HOLDERS}
wait_for_apt() {
  n=0
  while h=$(holders); [ -n "$h" ]; do
    [ $n = 0 ] && echo "waiting: apt is held by $(echo "$h" | paste -sd,)"
    n=$((n+1)); [ $n -gt ${LOCK_WAIT_SECONDS} ] && { echo "after ${LOCK_WAIT_SECONDS} s apt is held by $(echo "$h" | paste -sd,) still" >&2; exit ${LOCKED_EXIT}; }
    sleep 1
  done
}
`;

// needrestart would restart daemons behind our back: `l` only lists them.
const QUIETLY = `export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1 APT_LISTCHANGES_FRONTEND=none
get() { apt-get -q -y -o DPkg::Lock::Timeout=60 -o Dpkg::Use-Pty=0 -o APT::Get::Remove=false -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"; }
`;

/**
 * What was cut off while it was being configured is configured. What was cut off while it was being unpacked dpkg passes
 * over or refuses (`reinst-required`, dpkg(1)): that has to come from the archive once more.
 */
const FINISH = `cut_off() { dpkg-query -W -f '\${db:Status-Eflag} \${binary:Package}\\n' | sed -n 's/^reinstreq //p'; }
finish() {
  dpkg --configure -a
  code=$?
  set -- $(cut_off)
  [ $# -gt 0 ] || return $code
  echo "unpacking once more: $*"
  get install --reinstall "$@" || { get update && get install --reinstall "$@"; } || return
  dpkg --configure -a
}
`;

/** Lists are fetched when they are older than 12 hours or do not know one of the packages. */
const INSTALL = `${PATIENCE}${QUIETLY}${FINISH}
wait_for_apt
finish || exit
unknown() { [ "$(apt-cache policy -- "$@" | grep -c '^  Candidate: [^(]')" -lt $# ]; }
if [ -z "$(find /var/lib/apt/lists -maxdepth 0 -mmin -720)" ] || unknown "$@"; then get update || exit; fresh=1; fi
get install --no-install-recommends "$@" && exit
code=$?
# A mirror that has moved on answers 404 for what old lists promise.
[ -z "$fresh" ] || exit $code
get update && get install --no-install-recommends "$@"`;

/** Waits for whoever holds apt, heals an interrupted dpkg, never removes a package to make room for another. */
export const install = (...names: string[]): Action => action(...sh(INSTALL, ...names));

export const configureAll = (): Action => action(...sh(`${PATIENCE}${QUIETLY}${FINISH}wait_for_apt\nfinish`));

/**
 * A source of packages, put in its place once its lists could be fetched and their signature was right: one that does
 * not answer would make every later update fail. Other sources are not asked, so that their troubles are not ours.
 */
export const addSource = ({ path, content, mode }: FileWant): Action => ({
  command: sh(
    `${PATIENCE}${QUIETLY}
t=$(mktemp -d) || exit; trap 'rm -rf "$t"' EXIT; chmod 755 "$t"; cat >"$t/new.sources"; wait_for_apt
get -o Dir::Etc::sourcelist="$t/new.sources" -o Dir::Etc::sourceparts=/dev/null -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any update || exit
install -D -m "$2" -o root -g root "$t/new.sources" "$1"`,
    path,
    mode,
  ),
  stdin: content,
});

/** Candidate versions by name; a package that no source has is absent. */
export function candidates(names: readonly string[]): Fact<Map<string, string>> {
  return {
    read: ['apt-cache', 'policy', '--', ...names],
    parse({ stdout, stderr, exitCode }) {
      if (exitCode !== 0) throw new Error(stderr || 'apt-cache does not answer');
      const found = stdout.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (.*)$/gm);
      return new Map(
        [...found].flatMap(([, name = '', version = '']) => (version === '(none)' ? [] : [[name, version]])),
      );
    },
  };
}

/** apt's settings as it sees them, all files merged; a list's keys end in `::` and may repeat. */
export function settings(prefixes: readonly string[]): Fact<[string, string][]> {
  return {
    read: sh('apt-config dump | grep -E "^($1)"; true', prefixes.join('|')),
    parse: ({ stdout }) =>
      [...stdout.matchAll(/^(\S+) "(.*)";$/gm)].map(([, key = '', value = '']) => [key, value]),
  };
}

/** What is wrong with the packages that are installed, in apt's words; empty when nothing is. */
export const broken: Fact<string> = {
  read: ['apt-get', '-q', '-o', 'Debug::NoLocking=1', 'check'],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode === 0) return '';
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => /^(E:| \S+ : )/.test(line));
    return lines.slice(0, 3).join(' ').replace(/\s+/g, ' ').trim() || `apt-get check says ${exitCode}`;
  },
};
