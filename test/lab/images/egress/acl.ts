// Reads an egress ACL as strictly as Smokescreen does: what it refuses to start with, this refuses, with the reason.
import { readFileSync } from 'node:fs';
import { domainToASCII, domainToUnicode } from 'node:url';
import { parse } from 'yaml';

const policies = ['open', 'report', 'enforce'] as const;
export type Policy = (typeof policies)[number];

export interface Rule {
  project: string;
  policy: Policy;
  domains: string[];
}

export interface Acl {
  rules: Map<string, Rule>;
  default?: Rule | undefined;
  globalDeny: string[];
  globalAllow: string[];
}

type Fields = Record<string, unknown>;

export function loadAcl(file: string): Acl {
  const found = parse(readFileSync(file, 'utf8'), { uniqueKeys: false }) as unknown;
  const top = fields(found ?? {}, 'acl.YAMLConfig');
  if (top['version'] !== 'v1')
    throw new Error(`expected version "v1" got ${JSON.stringify(top['version'] ?? '')}`);
  const services = list(top['services'], '[]acl.YAMLRule');
  if (!services) throw new Error("Top level list 'services' is missing");
  const acl: Acl = {
    rules: rules(services.map((each) => fields(each, 'acl.YAMLRule'))),
    default: top['default'] ? rule('default_rule', fields(top['default'], 'acl.YAMLRule')) : undefined,
    globalDeny: domains(top['global_deny_list']),
    globalAllow: domains(top['global_allow_list']),
  };
  for (const glob of acl.globalDeny) validate('global_deny_list', glob);
  for (const glob of acl.globalAllow) validate('global_allow_list', glob);
  return acl;
}

function rules(services: readonly Fields[]): Map<string, Rule> {
  const found = new Map<string, Rule>();
  for (const service of services) {
    const name = text(service['name']);
    if (found.has(name)) throw new Error(`rule already exists for service ${name}`);
    found.set(name, rule(name, service));
  }
  return found;
}

/** Keys that it does not know are passed over, as there: a misspelt list of domains allows nothing. */
function rule(service: string, from: Fields): Rule {
  const action = text(from['action']);
  const policy = policies.find((each) => each === action);
  if (!policy) throw new Error(`unknown action ${JSON.stringify(action)}`);
  const allowed = domains(from['allowed_domains']);
  for (const glob of allowed) validate(service, glob);
  return { project: text(from['project']), policy, domains: allowed };
}

/** Wildcards only in front, one at most, and with a name behind; names as DNS has them. */
function validate(service: string, glob: string): void {
  const domain = glob.replace(/^\*\./, '');
  const wrong = (what: string): Error => new Error(`${service}: ${glob}: ${what}`);
  if (glob === '') throw new Error('glob cannot be empty');
  if (glob === '*' || glob === '*.') throw wrong('domain glob must not match everything');
  if (glob.startsWith('*') && !glob.startsWith('*.'))
    throw wrong('domain glob must represent a full prefix (sub)domain');
  if (domain.includes('*')) throw wrong('domain globs are only supported as prefix');
  const normal = normalHost(domain);
  if (normal === undefined) throw wrong(`incorrect ACL entry: invalid domain ${JSON.stringify(domain)}`);
  if (normal !== domain)
    throw wrong(`incorrect ACL entry; use ${JSON.stringify(glob.replace(domain, normal))}`);
}

/** Undefined: no name that DNS could have. */
export function normalHost(host: string): string | undefined {
  const isAscii = [...host].every((each) => each < '\x80');
  const ascii = (isAscii ? host : domainToASCII(host)).toLowerCase();
  return /^[a-z0-9._-]+$/.test(ascii) && ascii.split('.').every(isLabel) ? ascii : undefined;
}

/** Hyphens in the third and fourth place stand for an encoding, and there is but one (RFC 5891, 4.2.3.1). */
const isLabel = (label: string): boolean =>
  label.slice(2, 4) !== '--' || (label.startsWith('xn--') && domainToUnicode(label) !== '');

export function matches(host: string, glob: string): boolean {
  const bare = (name: string): string => (normalHost(name) ?? '').replace(/\.+$/, '');
  const name = bare(host);
  if (name === '') return false;
  return glob.startsWith('*.') ? name.endsWith(`.${bare(glob.slice(2))}`) : name === bare(glob);
}

function fields(value: unknown, type: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw cannot(value, type);
}

function list(value: unknown, type: string): unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value;
  throw cannot(value, type);
}

function domains(value: unknown): string[] {
  return (list(value, '[]string') ?? []).map(text);
}

function text(value: unknown): string {
  if (typeof value === 'object' && value !== null) throw cannot(value, 'string');
  return value === undefined || value === null ? '' : String(value);
}

function cannot(value: unknown, type: string): Error {
  const kind = Array.isArray(value) ? '!!seq' : typeof value === 'object' ? '!!map' : '!!str';
  return new Error(`yaml: unmarshal errors: cannot unmarshal ${kind} into ${type}`);
}
