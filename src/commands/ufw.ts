// ufw: its rules and settings as its files have them, and the words that change them (ufw(8)).
import type { Action, Command, Fact } from '../model.js';
import { action, sh } from './shell.js';

/** One line that admits or refuses. `from` is `any` or a canonical address or network. */
export interface Rule {
  action: string;
  /** `9922`, `80,443`, `6000:6007` or `any`. */
  ports: string;
  protocol: string;
  from: string;
  direction: string;
  /** Everything of a tuple that our own rules never have: destination, source port, application, interface. */
  rest: string;
  /** The line of its file that says so; rules that we only want have none. */
  line?: string;
}

export interface Ufw {
  isEnabled: boolean;
  /** Keys of /etc/default/ufw. */
  defaults: ReadonlyMap<string, string>;
  rules: Rule[];
}

/** ufw's own files: its command line would cost two hundred milliseconds of Python. */
export const state: Fact<Ufw> = {
  read: sh(
    'grep -shE "^(ENABLED|IPV6|DEFAULT_[A-Z]+_POLICY|IPT_SYSCTL)=|^### tuple ###" /etc/ufw/ufw.conf /etc/default/ufw /etc/ufw/user.rules /etc/ufw/user6.rules; true',
  ),
  parse({ stdout }) {
    const lines = stdout.split('\n');
    const pairs = lines.flatMap((line) => {
      const [, key, value] = /^([A-Z0-9_]+)="?([^"]*)"?$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value ?? ''] as const];
    });
    const defaults = new Map(pairs);
    const rules = lines.filter((line) => line.startsWith('### tuple ###')).map(parseTuple);
    return { isEnabled: defaults.get('ENABLED') === 'yes', defaults, rules };
  },
};

/** `### tuple ### limit tcp 9922 0.0.0.0/0 any 10.0.0.1 in` and, with applications or a comment, more words. */
function parseTuple(line: string): Rule {
  const [act = '', protocol = '', ports = '', to = '', sport = '', source = '', ...more] = line
    .replace('### tuple ### ', '')
    .replace(/ comment=\S*$/, '')
    .split(' ');
  const direction = more.at(-1) ?? 'in';
  const rest = [isAny(to) ? '' : `to ${to}`, sport === 'any' ? '' : `sport ${sport}`, ...more.slice(0, -1)];
  const from = isAny(source) ? 'any' : source;
  return {
    action: act,
    ports,
    protocol,
    from,
    direction,
    rest: rest.filter((word) => word && word !== '-').join(' '),
    line,
  };
}

const isAny = (network: string): boolean => ['0.0.0.0/0', '::/0', 'any'].includes(network);

export const same = (a: Rule, b: Rule): boolean =>
  words(a) === words(b) && a.rest === b.rest && a.direction === b.direction;

/** Rules that let somebody in; the rest refuses, or is about what leaves or passes through. */
export const admits = ({ action: act, direction }: Rule): boolean =>
  (act === 'allow' || act === 'limit') && direction.startsWith('in');

export const lacking = (now: readonly Rule[], wanted: readonly Rule[]): Rule[] =>
  wanted.filter((rule) => !now.some((other) => same(other, rule)));

/** As one would type it: `limit from 10.0.0.1 to any port 9922 proto tcp`. */
export function words({ action: act, ports, protocol, from }: Rule): string {
  const port = ports === 'any' ? '' : ` port ${ports}`;
  const proto = protocol === 'any' ? '' : ` proto ${protocol}`;
  return `${act} from ${from} to any${port}${proto}`;
}

export const rule = (act: 'allow' | 'limit', from: string, ports: readonly number[]): Rule => ({
  action: act,
  ports: [...ports].sort((a, b) => a - b).join(','),
  protocol: 'tcp',
  from: canonical(from),
  direction: 'in',
  rest: '',
});

/** As ufw writes it: no prefix for a single host, IPv6 in its short form. */
export function canonical(network: string): string {
  const [address = '', prefix = ''] = network.split('/');
  const isV6 = address.includes(':');
  const short = isV6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
  return prefix === '' || prefix === (isV6 ? '128' : '32') ? short : `${short}/${prefix}`;
}

/**
 * Many commands of ufw in one Python, through the parser and frontend that /usr/sbin/ufw itself uses: one start instead
 * of twenty-five, and no reload in between. Standard input has one command a line, as one would type it after `ufw`.
 */
const BATCH = `
import sys
import ufw.common, ufw.frontend
try:
    import gettext; gettext.install(ufw.common.programName)
except Exception: pass
sys.argv = ['/usr/sbin/ufw']  # whose owner and mode ufw looks at
ui = ufw.frontend.UFWFrontend(False)
for line in sys.stdin:
    words = line.split()
    if not words: continue
    parsed = ufw.frontend.parse_command(['ufw'] + words)
    rule, family = parsed.data.get('rule', ''), parsed.data.get('iptype', '')
    print(line.strip() + ': ' + ui.do_action(parsed.action, rule, family, True))
`;

export const batch = (...commands: string[]): Action => ({
  command: ['python3', '-c', BATCH],
  stdin: commands.map((command) => `${command}\n`).join(''),
});

/** Its files mean nothing without it, and would keep its own from being installed later. */
export const mustBeThere: Action = action(
  ...sh('command -v ufw >/dev/null || { echo "ufw is not installed" >&2; exit 1; }'),
);

/**
 * Takes rules out of ufw's files by their own lines, whatever words made them: `ufw delete` would have to guess those.
 * A rule reaches from its line to the next empty one.
 */
export const drop = (lines: readonly string[]): Action => ({
  command: sh(`set -e; w=$(mktemp); n=$(mktemp); trap 'rm -f "$w" "$n"' EXIT; cat >"$w"
for f in /etc/ufw/user.rules /etc/ufw/user6.rules; do
  [ -e "$f" ] || continue
  awk 'NR==FNR{out[$0]=1;next} ($0 in out){skip=1;next} skip&&/^-/{next} {skip=0; print}' "$w" "$f" >"$n"
  cat "$n" >"$f"
done`),
  stdin: lines.map((line) => `${line}\n`).join(''),
});

/** Rules are put as ufw would have them, then tried against the kernel's parser, before anything is switched on. */
export const test: Action = action(
  ...sh(`for f in before after user; do
  iptables-restore --test --noflush "/etc/ufw/$f.rules" || exit
  if [ -e /proc/net/if_inet6 ] && grep -qi '^IPV6=yes' /etc/default/ufw; then ip6tables-restore --test --noflush "/etc/ufw/\${f}6.rules" || exit; fi
done`),
);

export const enable: Action = action('ufw', '--force', 'enable');
export const reload: Action = action('ufw', 'reload');

/** Takes up what its files say now, whichever that is: also after a guard has put old files back. */
export const takeUp: Command = sh(
  'command -v ufw >/dev/null || exit 0; if grep -q "^ENABLED=yes" /etc/ufw/ufw.conf; then ufw --force enable; else ufw --force disable; fi',
);

/** Sets a key of /etc/default/ufw in its place, or adds it. */
export const setDefault = (key: string, value: string): Action =>
  action(
    ...sh(
      `[ -e /etc/default/ufw ] || { echo "ufw is not installed" >&2; exit 1; }
if grep -q "^$1=" /etc/default/ufw; then sed -i "s|^$1=.*|$1=$2|" /etc/default/ufw; else printf '%s=%s\\n' "$1" "$2" >>/etc/default/ufw; fi`,
      key,
      value,
    ),
  );
