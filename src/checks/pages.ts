// What `clincher docs <check>` says beyond a check's title and reason: what is asked, what fails it, which steps make it so again.

export interface CheckPage {
  /** How it is found out. */
  asks: string;
  /** What makes it fail; what cannot be asked makes it unknown. */
  fails: string;
  /** Steps that mend it, as `--only` takes them; absent: no step does, and the verdict says what to type. */
  mendedBy?: string;
}

export const PAGES: Readonly<Record<string, CheckPage>> = {
  'kept.metrics-services': {
    asks: 'Docker, the state and health of the exporters and of the door.',
    fails: 'One of them is missing, not running or not healthy.',
    mendedBy: 'metrics.*',
  },
  'kept.metrics-door': {
    asks: 'The door on the server itself, for each kind of figures: without a token, with a wrong one, with the right one.',
    fails: 'It answers anything but 401 to the first two, or anything but 200 to the third.',
    mendedBy: 'stack.*,metrics.*',
  },
  'kept.monitor-services': {
    asks: 'Docker, the state and health of what watches.',
    fails: 'One of them is missing, not running or not healthy.',
    mendedBy: 'monitoring.*',
  },
  'kept.monitor-targets': {
    asks: 'Prometheus, which targets it reads, which rules it cannot evaluate, and whom it tells.',
    fails: 'A target is not read, a rule is broken, or there is no Alertmanager.',
    mendedBy: 'monitoring.*',
  },
  'kept.monitor-ports': {
    asks: 'The kernel, on which addresses anybody waits for connections (`ss -ltn`).',
    fails: 'A port of what watches is open beyond loopback.',
    mendedBy: 'monitoring.*',
  },
  'verify.filebrowser': {
    asks: 'Docker, how its container is: state, image, limits, capabilities, mounts, networks.',
    fails: 'It is missing or not healthy, or one of these is not as configured.',
    mendedBy: 'stack.*,convenience.*',
  },
  'verify.filebrowser-login': {
    asks: 'Filebrowser at its own address: for the files without a login, for a login as admin/admin, with a wrong password and with the right one, and then for its settings.',
    fails: 'It answers anything but 401, 403, 403, 200 and 403.',
    mendedBy: 'stack.*,convenience.*',
  },
  'exposed.filebrowser': {
    asks: 'The same through the reverse proxy. Not where that asks for a sign-on first.',
    fails: 'One answer is another.',
    mendedBy: 'stack.*,convenience.*,proxy.*',
  },
  'verify.partitions-apart': {
    asks: 'From each gateway’s own container, every other gateway of the host: by a connection of its own, and through its egress proxy.',
    fails: 'A connection succeeds, or the egress proxy opens one.',
    mendedBy: 'stack.compose,stack.egress,stack.services',
  },
  'verify.partitions-secrets': {
    asks: 'The running gateways of the host, for hashes of their tokens, keys and bots.',
    fails: 'Two of them are the same.',
    mendedBy: 'stack.secrets,stack.services',
  },
  'verify.audit': {
    asks: '`openclaw security audit --deep --json` in the gateway’s container.',
    fails:
      'A critical finding that nobody accepted. Warnings are listed; `openclaw.accepted_findings` accepts one with a reason, and says so when it no longer occurs.',
    mendedBy: 'openclaw.*',
  },
  'verify.plugins': {
    asks: '`openclaw plugins list --json` in the gateway’s container.',
    fails: 'A plugin is loaded that is not in `plugins.allow`, or one that is allowed does not load.',
    mendedBy: 'openclaw.*',
  },
  'verify.skills': {
    asks: '`openclaw skills list --json` in the gateway’s container.',
    fails:
      'A skill is offered that is neither a vetted one in its own folder nor a bundled one of `openclaw.bundled_skills`, or one that is configured is not offered.',
    mendedBy: 'openclaw.*',
  },
  'verify.sandbox': {
    asks: 'OpenClaw, how it would run a tool: in which sandbox, with which workspace, elevated or not.',
    fails:
      'The mode is not the configured one, the sandbox sees the workspace, or tools may leave the sandbox.',
    mendedBy: 'openclaw.*',
  },
  'verify.sandbox-door': {
    asks: 'Docker from the gateway’s container: for the sandbox’s image, and for a list of all containers.',
    fails: 'The image is not to be had through the door, or the list is.',
    mendedBy: 'stack.*',
  },
  'verify.services': {
    asks: 'Docker, the state, health and restarts of each core container.',
    fails:
      'A container is missing, not running, not healthy, was killed for memory, or was started over more than three times and the last time within ten minutes.',
    mendedBy: 'stack.*',
  },
  'verify.images': {
    asks: 'Docker, the digests of the image that each container was made of.',
    fails: 'None of them is the digest in clincher.lock.yaml.',
    mendedBy: 'stack.images,stack.services',
  },
  'verify.pinned': {
    asks: 'The compose files in the stack’s folder, every `image:` in them.',
    fails: 'An image is named by tag alone.',
    mendedBy: 'stack.compose,stack.services',
  },
  'verify.limits': {
    asks: 'Docker, the limits in effect on each core container.',
    fails: 'Memory, processors or processes are unlimited, or limited otherwise than configured.',
    mendedBy: 'stack.compose,stack.services',
  },
  'verify.walls': {
    asks: 'Docker, the capabilities, security options and file system of each core container.',
    fails:
      'A container is privileged, keeps or was given capabilities, may gain privileges, has a filter turned off, or can write to its own file system.',
    mendedBy: 'stack.compose,stack.services',
  },
  'verify.mounts': {
    asks: 'Docker, what is mounted into each core container.',
    fails: 'A folder is missing, is another one, can be written to where it should not, or is one too many.',
    mendedBy: 'stack.compose,stack.services',
  },
  'verify.state': {
    asks: 'The gateway’s openclaw.json, from inside its container and on the host: the same file, or two.',
    fails:
      'They differ, the gateway cannot read it, or cannot write its state: what it writes would be gone with the container.',
    mendedBy: 'stack.directories,stack.compose,stack.services',
  },
  'verify.networks': {
    asks: 'Docker, the networks of the stack and who is in each.',
    fails:
      'A network is missing or has a route out that it should not have, a stranger is in it, or a container is in another one, or at another address, than configured.',
    mendedBy: 'stack.compose,stack.services',
  },
  'verify.ports': {
    asks: 'Docker, the ports that every container of the host publishes.',
    fails: 'A port is published that the configuration does not name: Docker opens it past the firewall.',
    mendedBy: 'stack.compose,stack.services',
  },
  'verify.litellm': {
    asks: '`/health/liveliness` of LiteLLM, from inside the gateway’s container.',
    fails: 'It does not answer 200.',
    mendedBy: 'stack.*',
  },
  'verify.litellm-key': {
    asks: 'LiteLLM for its models with a key that it does not know.',
    fails: 'It is answered all the same.',
    mendedBy: 'stack.models,stack.env,stack.services',
  },
  'verify.models': {
    asks: 'LiteLLM for its models with the gateway’s own key.',
    fails: 'The key is refused, a configured model is missing, or there is one that nobody configured.',
    mendedBy: 'stack.models,stack.secrets,stack.services',
  },
  'verify.budget': {
    asks: 'LiteLLM, twice and more, for a mock model whose first answer costs more than its budget; no money is spent.',
    fails: 'The later calls are answered as well. A budget in the wrong place refuses nothing.',
    mendedBy: 'stack.models,stack.services',
  },
  'verify.redis': {
    asks: 'Redis: PING without a password, and with its own.',
    fails: 'It answers without the password, or refuses its own.',
    mendedBy: 'stack.env,stack.services',
  },
  'verify.egress-proxy': {
    asks: 'The egress proxy for CONNECT to several names, from inside the gateway’s container.',
    fails: 'It answers none of them: dead, it looks like a perfect wall.',
    mendedBy: 'stack.*',
  },
  'verify.egress-allowed': {
    asks: 'The egress proxy for CONNECT to a name that the configuration needs.',
    fails: 'It is refused.',
    mendedBy: 'stack.egress,stack.services',
  },
  'verify.egress-denied': {
    asks: 'The egress proxy for CONNECT to a name that no configuration can need.',
    fails: 'It is let out. Only 407 counts as refused: a proxy that is dead has refused nothing.',
    mendedBy: 'stack.egress,stack.compose,stack.services',
  },
  'verify.egress-private': {
    asks: 'The egress proxy for CONNECT to the cloud’s metadata, to itself and into private networks; Docker, how it was started.',
    fails: 'One of them is let out, or it was started with a network let out that nobody configured.',
    mendedBy: 'stack.egress,stack.compose,stack.services',
  },
  'verify.egress-only': {
    asks: 'The gateway’s container for its routes, and for a public address past the proxy.',
    fails: 'There is a route to everywhere, or the address answers.',
    mendedBy: 'stack.compose,stack.services',
  },
  'verify.egress-list': {
    asks: 'The egress proxy’s list on the host.',
    fails: 'It is missing, holds a catch-all, or does not enforce.',
    mendedBy: 'stack.egress,stack.services',
  },
  'verify.gateway-ready': {
    asks: '`/readyz` of the gateway, from inside its container.',
    fails: 'It does not answer 200.',
    mendedBy: 'stack.services',
  },
  'verify.gateway-auth': {
    asks: 'The gateway for a tool call without a token, with a wrong one, with its own.',
    fails: 'It answers the first or the second, or refuses the third.',
    mendedBy: 'stack.secrets,openclaw.*,stack.services',
  },
  'verify.tools-denied': {
    asks: 'The gateway for every denied tool, with its own token.',
    fails: 'One answers anything but 404.',
    mendedBy: 'openclaw.*',
  },
  'verify.channel-telegram': {
    asks: '`getMe` of Telegram’s API (or of `channels.telegram.api_root`), in the gateway’s container, through its egress proxy, with its own token; then `openclaw channels status --json`.',
    fails:
      'The host is not on the egress list, is on it and not reached, or refuses the token; or the gateway does not run the channel. A dead proxy, or a service that is down, makes it unknown. Tried against a stand-in of the service, since the lab has no way to the real one.',
  },
  'verify.channel-discord': {
    asks: '`/users/@me` of Discord’s API, asked as Telegram is.',
    fails: 'As with Telegram.',
  },
  'verify.channel-slack': {
    asks: '`auth.test` with the bot’s token and `apps.connections.open` with the app’s, asked as Telegram is.',
    fails:
      'As with Telegram; Slack says in the body what it refuses. Being asked too often makes it unknown.',
  },
  'verify.channel-webhook': {
    asks: 'The gateway’s `/hooks/wake`, by an empty call without and with its token: it reaches no model.',
    fails:
      'Without the token it is not refused (401), or with it it is not taken and refused as empty (400).',
    mendedBy: 'stack.env,openclaw.*,stack.services',
  },
  'verify.secrets-environment': {
    asks: 'The environment of every container, compared on the host with the values of all secrets.',
    fails: 'A variable holds a secret that the container is not meant to have.',
    mendedBy: 'stack.compose,stack.services',
  },
  'verify.secrets-arguments': {
    asks: 'The argument lists of all processes and containers, compared on the host with the values of all secrets.',
    fails: 'One of them shows a secret.',
    mendedBy: 'stack.*',
  },
  'verify.secrets-plaintext': {
    asks: 'The files in the stack’s folder, compared on the host with the values of all secrets.',
    fails: 'A secret stands in one that is not meant to hold it, an old copy included.',
    mendedBy: 'stack.*,openclaw.*',
  },
  'verify.secrets-files': {
    asks: 'Mode and owner of every file and folder that holds secrets.',
    fails: 'Others may read it, or it belongs to somebody else than who reads it.',
    mendedBy: 'stack.directories,stack.env,stack.secrets,openclaw.*',
  },
  'verify.backup-key': {
    asks: 'The vault, whether it has a `backup_key` for this server.',
    fails: 'It has none.',
  },
  'kept.backups': {
    asks: 'The server’s `clincher-backup`, which backups there are, of what age, and when each was last read to its end.',
    fails: 'The newest is older than a day, none was read for eight days, or one of them is not whole.',
  },
  'kept.offsite': {
    asks: 'The far end of `backup.offsite`, through the server’s rclone, what is there; and the server, when each copy was last read back.',
    fails:
      'The newest copy is older than 28 hours, one is gone or cut short, was within a week found to be other than it was sent, or was not read back for nine days. A far end that does not answer is unknown.',
  },
  'kept.copies': {
    asks: 'The standby’s own list of backups, and its clock.',
    fails:
      'It has none, the newest is older than 29 hours, or none was ever opened with the key of the vault.',
  },
  'kept.idle': {
    asks: 'Docker on the standby, which containers of the stack there are.',
    fails: 'One of them runs.',
  },
  'kept.memory': {
    asks: 'The tables of the index and the files of the memory, in the gateway’s container, each by its hash; and the gateway, which index it has open.',
    fails:
      'A file is not in the index as it is for a day, the gateway has one open that was replaced, or it takes more than `memory.max_index_mb`.',
  },
  'verify.outside-ports': {
    asks: 'Every inner port of the server, by a knock from another machine.',
    fails: 'One of them answers, or SSH answers somebody who is no admin.',
    mendedBy: 'harden.*,stack.*',
  },
  'exposed.services': {
    asks: 'Docker, the state and health of what stands between the web and the gateway.',
    fails: 'It is missing, not running or not healthy.',
    mendedBy: 'proxy.*,convenience.*',
  },
  'exposed.containers': {
    asks: 'Docker, the contents, walls, limits, mounts, networks and ports of what the web reaches, and of what a monitor does.',
    fails: 'Something differs from the configuration, or an older way in was left over.',
    mendedBy: 'stack.images,stack.proxies,proxy.*,metrics.*',
  },
  'exposed.outside-ports': {
    asks: 'The web ports of the server, by a knock from another machine.',
    fails: 'They answer somebody whom the configuration does not name.',
    mendedBy: 'harden.web-ports,harden.docker-user,proxy.*',
  },
  'exposed.certificate': {
    asks: 'The public name for its certificate, from another machine.',
    fails: 'It is for another name, has ended, or nobody vouches for it.',
    mendedBy: 'proxy.*',
  },
  'exposed.anonymous': {
    asks: 'The public name for a tool call without a token, from another machine.',
    fails: 'It is answered with anything but a refusal.',
    mendedBy: 'openclaw.*,proxy.*',
  },
  'exposed.token': {
    asks: 'The reverse proxy for a tool call without a token, and with the gateway’s own.',
    fails: 'The first is answered, or the second is not.',
    mendedBy: 'proxy.*,openclaw.*',
  },
};
