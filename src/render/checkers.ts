// The tools that judge rendered files, each its own kind: which files, the words to run, and what it may say of this machine alone. Pure.
import { sh } from '../commands/shell.js';
import type { Server } from '../model.js';
import { views } from '../stack/partitions.js';
import type { RenderedFile } from './rendered.js';

export interface Place {
  /** The first of the files, absolute, below `root`. */
  path: string;
  /** The folder that stands for the server's `/`. */
  root: string;
  /** A folder of its own that is gone afterwards. */
  scratch: string;
  server: Server;
  /** The image whose OpenClaw judges its configuration. */
  image: string;
  /** `uid:gid` of whoever renders: the files are readable to them alone. */
  user: string;
}

export interface Checker {
  /** As people call it. */
  tool: string;
  of(file: RenderedFile, server: Server): boolean;
  /** One run for all of its files; absent: one for each. */
  together?: true;
  words(place: Place): readonly string[];
  /** How to get it. */
  get: string;
  /** What it says when something is wrong with this machine and not with the file; then nothing was checked. */
  excuses?: readonly (readonly [said: RegExp, reason: string])[];
  /** It runs on and says this once it has taken its file; then it is ended. */
  until?: RegExp;
  /** Out of all that it said, what is wrong; absent: its last lines. */
  faults?(said: string): string[];
}

/** A constant shell text with its arguments; nothing here has operators. */
const script = (text: string, ...args: string[]): string[] =>
  sh(text, ...args).filter((word) => typeof word === 'string');

const isIn =
  (pattern: RegExp) =>
  ({ path }: { path: string }): boolean =>
    pattern.test(path);

const apt = (packages: string): string => `sudo apt install ${packages}`;

const visudo: Checker = {
  tool: 'visudo',
  of: isIn(/^\/etc\/sudoers\.d\//),
  words: ({ path }) => ['visudo', '-c', '-f', path],
  get: apt('sudo'),
};

const keys: Checker = {
  tool: 'ssh-keygen',
  of: isIn(/\/\.ssh\/authorized_keys$/),
  words: ({ path }) => ['ssh-keygen', '-l', '-f', path],
  get: apt('openssh-client'),
};

const sshd: Checker = {
  tool: 'sshd',
  of: isIn(/^\/etc\/ssh\/sshd_config\.d\//),
  // It wants a host key before it reads anything else; this one nobody will ever see.
  words: ({ path, scratch }) =>
    script(
      'ssh-keygen -q -t ed25519 -N "" -f "$2/host_key" && exec sshd -t -f "$1" -h "$2/host_key"',
      path,
      scratch,
    ),
  get: apt('openssh-server'),
  excuses: [
    [/Missing privilege separation directory/, 'sshd wants its folder first: sudo mkdir -m 755 /run/sshd'],
    // Debian 13 has it; an older sshd here would call it a mistake.
    [
      /Bad configuration option: PerSourcePenaltyExemptList/i,
      'sshd here is older than 9.8 and does not know a setting that this system has',
    ],
  ],
};

/** Its names in systemd's own order: a drop-in is read with the unit that it belongs to. */
const systemd: Checker = {
  tool: 'systemd-analyze',
  of: isIn(/^\/etc\/systemd\/system\/ssh\.socket\.d\//),
  words: ({ path, scratch }) =>
    script(
      `set -e; cd -- "$2"; mkdir ssh.socket.d; cp -- "$1" ssh.socket.d/
printf '[Socket]\\nListenStream=22\\nAccept=no\\n' >ssh.socket
printf '[Service]\\nExecStart=/bin/true\\n' >ssh.service
said=$(SYSTEMD_UNIT_PATH=$2: systemd-analyze verify --man=no "$2/ssh.socket" 2>&1) || { echo "$said" >&2; exit 1; }
echo "$said" >&2; case $said in *"$2"*) exit 1 ;; esac`,
      path,
      scratch,
    ),
  get: apt('systemd'),
};

const dockerd: Checker = {
  tool: 'dockerd',
  of: isIn(/^\/etc\/docker\/daemon\.json$/),
  words: ({ path }) => ['dockerd', '--validate', '--config-file', path],
  get: 'see https://docs.docker.com/engine/install/',
  excuses: [[/unknown flag: --validate/, 'dockerd here is older than 23 and cannot check a file']],
};

const aptConfig: Checker = {
  tool: 'apt-config',
  of: isIn(/^\/etc\/apt\/apt\.conf\.d\//),
  words: ({ path }) => ['apt-config', '-c', path, 'dump'],
  get: 'only Debian and Ubuntu have it',
};

const aptSources: Checker = {
  tool: 'apt-get',
  of: isIn(/^\/etc\/apt\/sources\.list\.d\//),
  words: ({ path }) => [
    ...['apt-get', '-o', `Dir::Etc::SourceList=${path}`, '-o', 'Dir::Etc::SourceParts=/dev/null'],
    ...['indextargets', '--format', '$(SITE)'],
  ],
  get: 'only Debian and Ubuntu have it',
};

const aptPreferences: Checker = {
  tool: 'apt-cache',
  of: isIn(/^\/etc\/apt\/preferences\.d\//),
  words: ({ path }) => [
    ...['apt-cache', '-o', `Dir::Etc::Preferences=${path}`, '-o', 'Dir::Etc::PreferencesParts=/dev/null'],
    'policy',
  ],
  get: 'only Debian and Ubuntu have it',
};

const fail2ban: Checker = {
  tool: 'fail2ban-client',
  of: isIn(/^\/etc\/fail2ban\/jail\.d\//),
  // Its own files around ours: filters and actions are theirs. Other jails of this machine are none of ours.
  words: ({ path, scratch }) =>
    script(
      `command -v fail2ban-client >/dev/null || exit 127
set -e; cp -r /etc/fail2ban/. "$2"; rm -rf "$2/jail.local" "$2"/jail.d; mkdir "$2/jail.d"; cp -- "$1" "$2/jail.d/"
exec fail2ban-client -c "$2" -t`,
      path,
      scratch,
    ),
  get: apt('fail2ban'),
};

const NOT_ROOT: readonly (readonly [RegExp, string])[] = [
  [/Permission denied|must be root/i, 'only root may ask the kernel: sudo clincher render …'],
  [/Could not fetch rule set|Table does not exist|Protocol not supported/i, 'this kernel has no such tables'],
];

const iptables = (family: '' | '6'): Checker => ({
  tool: `ip${family}tables-restore`,
  of: isIn(new RegExp(`^/etc/ufw/after${family}\\.rules$`)),
  words: ({ path }) => [`ip${family}tables-restore`, '--test', '--noflush', path],
  get: apt('iptables'),
  excuses: NOT_ROOT,
});

const compose: Checker = {
  tool: 'docker compose',
  of: ({ path }, { stack }) =>
    path.startsWith(`${stack.directory}/`) && /\/(docker-compose|compose\.[^/]+)\.yml$|\/\.env$/.test(path),
  together: true,
  // From within each gateway's folder, as on the server: COMPOSE_FILE in .env names the files, and means that folder.
  words: ({ root, server }) =>
    script(
      'for d; do cd -- "$d" && docker compose config --quiet || exit; done',
      ...views(server).map(({ stack }) => root + stack.directory),
    ),
  get: 'see https://docs.docker.com/compose/install/',
  excuses: [
    [
      /is not a docker command|unknown (?:shorthand )?flag/i,
      'docker here has no Compose v2: see https://docs.docker.com/compose/install/',
    ],
  ],
};

const CADDY_PLUGIN =
  'caddy here lacks the plugin of single sign-on: xcaddy build --with github.com/greenpau/caddy-security';

const caddy: Checker = {
  tool: 'caddy',
  of: isIn(/\/Caddyfile$/),
  // With single sign-on, `validate` would ask the issuer on the internet; `adapt` only reads.
  words: ({ path, server }) => [
    ...['caddy', server.proxy.oidc.enabled ? 'adapt' : 'validate'],
    ...['--config', path, '--adapter', 'caddyfile'],
  ],
  get: 'see https://caddyserver.com/docs/install',
  excuses: [
    [
      /\b(?:authenticate|authorize) is not a registered directive|unrecognized (?:global option|directive): (?:security|authenticate|authorize)/,
      CADDY_PLUGIN,
    ],
  ],
  faults: (said) => said.split('\n').filter((line) => /^Error: /.test(line)),
};

const smokescreen: Checker = {
  tool: 'smokescreen',
  of: isIn(/\/smokescreen-acl\.yaml$/),
  // It has no dry run: it starts on a free port of this machine alone, and is ended once it has read its list.
  words: ({ path }) => [
    ...['smokescreen', `--egress-acl-file=${path}`, '--listen-ip=127.0.0.1', '--listen-port=0'],
  ],
  until: /\bstarting\b/,
  get: 'go install github.com/stripe/smokescreen@latest',
};

/** By the image that the server will run, or not at all: another version has other keys. */
const openclaw: Checker = {
  tool: 'openclaw',
  // Below `data`: a dashboard of Grafana has that name too.
  of: isIn(/\/data\/openclaw\.json$/),
  words: ({ path, image, user }) => [
    ...['docker', 'run', '--rm', '--pull=never', '--network=none', `--user=${user}`, '--cap-drop=ALL'],
    ...['--security-opt=no-new-privileges', '--read-only', '--tmpfs=/tmp:mode=1777'],
    `--mount=type=bind,source=${path},target=/candidate/openclaw.json,readonly`,
    ...['-e=HOME=/tmp', '-e=OPENCLAW_HOME=/tmp', '-e=OPENCLAW_STATE_DIR=/tmp/state'],
    ...['-e=OPENCLAW_CONFIG_PATH=/candidate/openclaw.json', '-e=OPENCLAW_WEBHOOK_TOKEN=not-the-real-one'],
    ...[image, 'openclaw', 'config', 'validate', '--json'],
  ],
  get: 'see https://docs.docker.com/engine/install/, then docker pull the image of OpenClaw',
  excuses: [
    [/No such image|Unable to find image/i, 'docker here has not the image: docker pull {image}'],
    [
      /Cannot connect to the Docker daemon|permission denied while trying to connect|docker daemon is not running|failed to connect to the docker API/i,
      'no Docker engine answers here',
    ],
    [/bind source path does not exist/i, 'the Docker engine is on another machine and does not see the file'],
  ],
  faults: issues,
};

/** `{"valid":false,"issues":[{"path":…,"message":…}]}`, after whatever else it says. */
function issues(said: string): string[] {
  try {
    const from = said.indexOf('{');
    const found = JSON.parse(said.slice(from, said.lastIndexOf('}') + 1)) as {
      issues?: { path?: string; message?: string }[];
    };
    return (found.issues ?? []).map(({ path, message }) => `${path}: ${message}`);
  } catch {
    return [];
  }
}

/** The two that need no tool but the Node that runs us. */
const json: Checker = {
  tool: 'node',
  of: isIn(/\.json$/),
  words: ({ path }) => [
    process.execPath,
    '-e',
    'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))',
    path,
  ],
  get: '',
  faults: (said) => said.split('\n').filter((line) => /^\w*Error: /.test(line)),
};

const scripts: Checker = {
  tool: 'node',
  of: isIn(/\.mjs$/),
  words: ({ path }) => [process.execPath, '--check', path],
  get: '',
};

const go: Checker = {
  tool: 'gofmt',
  of: isIn(/\.go$/),
  words: ({ path }) => ['gofmt', '-e', path],
  get: 'see https://go.dev/doc/install',
};

const shellcheck: Checker = {
  tool: 'shellcheck',
  of: isIn(/\.sh$/),
  words: ({ path }) => ['shellcheck', path],
  get: apt('shellcheck'),
};

const promtool: Checker = {
  tool: 'promtool',
  of: isIn(/\/prometheus\.ya?ml$/),
  words: ({ path }) => ['promtool', 'check', 'config', path],
  get: apt('prometheus'),
};

/** In the order in which they are told. */
export const CHECKERS: readonly Checker[] = [
  ...[visudo, keys, sshd, systemd, aptConfig, aptSources, aptPreferences, fail2ban],
  ...[iptables(''), iptables('6'), dockerd, compose, caddy, smokescreen, openclaw, json, scripts, go],
  ...[shellcheck, promtool],
];
