// What an egress proxy of the stack must do, as a table: for the stand-in, and for a real Smokescreen where there is one.

/** Stands for the port of a small web server on this machine. */
export const originPort = 'ORIGIN';

export interface StartCase {
  name: string;
  acl: string;
  /** Undefined: it starts. Else it exits with 1 and says this. */
  refuses?: RegExp;
}

export interface RequestCase {
  name: string;
  acl: string | undefined;
  flags?: string[];
  via: 'connect' | 'http';
  target: string;
  status: number;
  /** Of the header X-Smokescreen-Error. */
  says?: RegExp;
  /** Of the line in the log about this request. */
  logs: { allow: boolean; decision_reason: RegExp; role?: string };
}

const head = 'version: v1\nservices: []\n';
const allow = (...domains: string[]): string =>
  `${head}default:\n  name: default\n  project: stack\n  action: enforce\n  allowed_domains:\n${domains.map((each) => `    - '${each}'\n`).join('')}`;

export const starts: StartCase[] = [
  { name: 'a list of domains', acl: allow('api.anthropic.com', '*.telegram.org') },
  {
    name: 'services as a map',
    acl: 'version: v1\nservices: {}\n',
    refuses: /cannot unmarshal !!map into \[\]acl\.YAMLRule/,
  },
  { name: 'no services at all', acl: 'version: v1\n', refuses: /services' is missing/ },
  { name: 'no version', acl: 'services: []\n', refuses: /expected version \\?"v1\\?"/ },
  {
    name: 'an action that there is not',
    acl: allow('a.example').replace('enforce', 'deny'),
    refuses: /action/,
  },
  { name: 'broken YAML', acl: 'version: v1\nservices: [\n', refuses: /./ },
  { name: 'a wildcard in the middle', acl: allow('api.*.com'), refuses: /only supported as prefix/ },
  { name: 'everything', acl: allow('*'), refuses: /must not match everything/ },
  { name: 'half a label', acl: allow('*localhost'), refuses: /full prefix/ },
  { name: 'an address with its scheme', acl: allow('https://x'), refuses: /incorrect ACL entry/ },
  { name: 'a host with its port', acl: allow('x:8443'), refuses: /incorrect ACL entry/ },
  { name: 'capital letters', acl: allow('LocalHost'), refuses: /use \\*"localhost/ },
  {
    name: 'hyphens in the third and fourth place',
    acl: allow('r3---sn-apo3.example.com'),
    refuses: /invalid domain/,
  },
  {
    name: 'an encoded name that is none',
    acl: allow('xn--zzzzzzzzzz999.example'),
    refuses: /invalid domain/,
  },
  { name: 'an encoded name', acl: allow('xn--bcher-kva.example') },
  {
    name: 'a wrong entry in the global list',
    acl: `${allow('a.example')}global_deny_list: ['*']\n`,
    refuses: /must not match everything/,
  },
  {
    name: 'a rule twice',
    acl: `version: v1\nservices:\n${'  - {name: a, action: open}\n'.repeat(2)}`,
    refuses: /already exists for service a/,
  },
  {
    name: 'a misspelt key, which then allows nothing',
    acl: allow('a.example').replace('allowed_domains', 'allowed_domain'),
  },
  { name: 'no rule, which denies all', acl: head },
];

const enforced = { allow: false, decision_reason: /default rule policy used/, role: 'default' };
const allowed = { allow: true, decision_reason: /host matched allowed domain in rule/, role: 'default' };
const loopback = ['--allow-range=127.0.0.0/8'];
const missing = /^Failed to resolve remote hostname/;

export const requests: RequestCase[] = [
  {
    name: 'a tunnel to a host that is not listed',
    acl: allow('api.anthropic.com'),
    via: 'connect',
    target: 'evil.example:443',
    status: 407,
    says: /denied to host 'evil\.example:443': default rule policy used/,
    logs: enforced,
  },
  {
    name: 'a page of a host that is not listed',
    acl: allow('api.anthropic.com'),
    via: 'http',
    target: 'http://evil.example/',
    status: 407,
    says: /denied to host 'evil\.example'/,
    logs: enforced,
  },
  {
    name: 'a listed host that has no address',
    acl: allow('nothing.invalid'),
    via: 'connect',
    target: 'nothing.invalid:443',
    status: 502,
    says: missing,
    logs: allowed,
  },
  {
    name: 'a page of a listed host that has no address',
    acl: allow('nothing.invalid'),
    via: 'http',
    target: 'http://nothing.invalid/',
    status: 502,
    says: missing,
    logs: allowed,
  },
  {
    name: 'below a wildcard',
    acl: allow('*.invalid'),
    via: 'connect',
    target: 'a.b.invalid:443',
    status: 502,
    says: missing,
    logs: allowed,
  },
  {
    name: 'the apex of a wildcard',
    acl: allow('*.anthropic.invalid'),
    via: 'connect',
    target: 'anthropic.invalid:443',
    status: 407,
    logs: enforced,
  },
  {
    name: 'a name that only ends like a wildcard',
    acl: allow('*.anthropic.invalid'),
    via: 'connect',
    target: 'evilanthropic.invalid:443',
    status: 407,
    logs: enforced,
  },
  {
    name: 'capital letters and a last dot',
    acl: allow('*.anthropic.invalid'),
    via: 'connect',
    target: 'API.Anthropic.invalid.:443',
    status: 502,
    says: missing,
    logs: allowed,
  },
  {
    name: 'this machine, by a listed name',
    acl: allow('localhost'),
    via: 'connect',
    target: `localhost:${originPort}`,
    status: 407,
    says: /Deny: Not Global Unicast/,
    logs: { allow: false, decision_reason: /Not Global Unicast/ },
  },
  {
    name: 'a private address, listed',
    acl: allow('10.9.8.7'),
    via: 'connect',
    target: '10.9.8.7:443',
    status: 407,
    says: /Deny: Private Range/,
    logs: { allow: false, decision_reason: /Private Range/ },
  },
  {
    name: 'a cloud’s metadata, listed',
    acl: allow('169.254.169.254'),
    via: 'http',
    target: 'http://169.254.169.254/',
    status: 407,
    says: /Deny: Not Global Unicast/,
    logs: { allow: false, decision_reason: /Not Global Unicast/ },
  },
  {
    name: 'a tunnel to a listed host in an allowed range',
    acl: allow('localhost'),
    flags: loopback,
    via: 'connect',
    target: `localhost:${originPort}`,
    status: 200,
    logs: allowed,
  },
  {
    name: 'a page of a listed host in an allowed range',
    acl: allow('localhost'),
    flags: loopback,
    via: 'http',
    target: `http://localhost:${originPort}/`,
    status: 200,
    logs: allowed,
  },
  {
    name: 'a listed host that does not listen',
    acl: allow('localhost'),
    flags: loopback,
    via: 'connect',
    target: 'localhost:1',
    status: 502,
    says: /^Failed to connect/,
    logs: allowed,
  },
  {
    name: 'a host of a denied range',
    acl: allow('192.0.2.7'),
    flags: ['--deny-range=192.0.2.0/24'],
    via: 'connect',
    target: '192.0.2.7:443',
    status: 407,
    says: /Deny: User Configured/,
    logs: { allow: false, decision_reason: /User Configured/ },
  },
  {
    name: 'no list at all',
    acl: undefined,
    via: 'connect',
    target: 'nothing.invalid:443',
    status: 502,
    says: missing,
    logs: { allow: true, decision_reason: /Egress ACL is not configured/ },
  },
  {
    name: 'no rule',
    acl: head,
    via: 'connect',
    target: 'nothing.invalid:443',
    status: 407,
    says: /no rule matched/,
    logs: { allow: false, decision_reason: /no rule matched/ },
  },
  {
    name: 'a policy that only reports',
    acl: allow('a.example').replace('enforce', 'report'),
    via: 'connect',
    target: 'nothing.invalid:443',
    status: 502,
    says: missing,
    logs: { allow: true, decision_reason: /default rule policy used/ },
  },
  {
    name: 'a host that is denied to all',
    acl: `${allow('a.example').replace('enforce', 'open')}global_deny_list: [nothing.invalid]\n`,
    via: 'connect',
    target: 'nothing.invalid:443',
    status: 407,
    says: /global deny list/,
    logs: { allow: false, decision_reason: /global deny list/ },
  },
];
