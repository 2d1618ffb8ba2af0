// What a host of the Ansible peer is, in the words of clincher.yaml: its keys, its secrets, and what has no counterpart.
import { isPlain, type Plain, putAt } from '../config/merge.js';
import type { Left, Taken } from '../config/refused.js';
import { isSecretName, looksSecret } from '../secrets/looks.js';
import { vaultReference } from '../secrets/reference.js';
import { channelsOn, leftDomains } from './egress.js';
import { Computed, resolved, type Scope } from './jinja.js';
import { TAKES } from './keys.js';
import { whyLeft } from './left.js';
import { modelsOf } from './models.js';
import { isSecretVariable, SUDO, secretOf } from './secrets.js';
import type { Variable } from './variables.js';

export interface TakenSecret {
  name: string;
  value: string;
  place: string;
}

export interface Carried {
  /** Of the server. */
  values: Plain;
  taken: Taken[];
  secrets: TakenSecret[];
  left: Left[];
}

const SEALED = 'is encrypted there; write it into clincher.yaml yourself if whoever reads that may know it';
const COMPUTED = 'Ansible computes it; write what comes out into clincher.yaml';
const EXAMPLE = 'is still the placeholder of the example';
const IN_CLEAR = 'stood there in clear; it is in the vault now: make a new one, and delete the old';

export type Variables = ReadonlyMap<string, Variable>;

export function carry(server: string, variables: Variables): Carried {
  const carrier = new Carrier(server, variables);
  for (const variable of variables.values()) carrier.take(variable);
  carrier.takeModels();
  carrier.takeDomains();
  return carrier.carried;
}

/** Taken together, after all others. */
const MODELS = ['litellm_models', 'openclaw_max_tokens'];
const DOMAINS = ['egress_allowed_domains', 'egress_extra_domains'];
/** Said by the keys that they belong to. */
const WITH = [...MODELS, ...DOMAINS, ...Object.values(TAKES).flatMap((take) => take.with ?? [])];

class Carrier {
  readonly carried: Carried = { values: {}, taken: [], secrets: [], left: [] };
  private providers: string[] = [];

  constructor(
    private readonly server: string,
    private readonly variables: Variables,
  ) {}

  take(variable: Variable): void {
    const { name } = variable;
    if (WITH.includes(name)) return;
    if (name === 'ansible_user' || name === 'ansible_port') return void this.#firstContact(variable);
    const value = this.#value(variable);
    if (value === UNKNOWN) return;
    if (isSecretVariable(name)) return void this.#secret(variable, value);
    if (name === 'openclaw_extra_env') return void this.#environment(variable, value);
    const take = Object.hasOwn(TAKES, name) ? TAKES[name] : undefined;
    if (take === undefined) return void this.#leave(variable, whyLeft(name));
    if (variable.isSealed) return void this.#leave(variable, SEALED);
    if (name === 'domain' && /\byourdomain\.com$/.test(String(value)))
      return void this.#leave(variable, EXAMPLE);
    this.#set(
      variable,
      take.to,
      this.#computed(variable, () => take.as(value, this.#scope)),
    );
    // There the public rule goes; here it does once a login over the tailnet was proved.
    if (name === 'tailscale_enabled' && take.as(value, this.#scope) === true)
      this.#set(variable, ['tailscale', 'ssh_only'], true);
  }

  takeModels(): void {
    const models = this.variables.get('litellm_models');
    if (models === undefined) return;
    const tokens = this.variables.get('openclaw_max_tokens')?.value;
    const found = modelsOf(this.#value(models), tokens, ({ id }) => this.#has(`${id}_api_key`));
    for (const why of found.lacking)
      this.#leave({ ...models, name: why.replace(/: .*/, '') }, why.replace(/^.*?: /, ''));
    if (found.list.length === 0) return;
    this.#set(models, ['models', 'list'], found.list);
    this.#nameable(found.list.map(({ name }) => name));
    const embeddings = this.#get(['memory', 'provider']) ?? 'voyage';
    this.providers = [...new Set([...found.providers.map(({ id }) => id), 'voyage', String(embeddings)])];
    this.#set(
      { ...models, comments: [] },
      ['providers'],
      Object.fromEntries(this.providers.map((id) => [id, {}])),
    );
  }

  takeDomains(): void {
    const isOff = this.#get(['channels', 'telegram', 'enabled']) === false;
    const channels = channelsOn(isOff ? [] : ['telegram']);
    for (const name of DOMAINS) {
      const variable = this.variables.get(name);
      const value = variable && this.#value(variable);
      if (variable === undefined || !Array.isArray(value)) continue;
      const opened = { server: this.server, providers: this.providers, channels };
      this.carried.left.push(...leftDomains(value.map(String), opened, variable.place));
    }
  }

  /** The first model takes the place of one that is left out: nothing else is sure to be there. */
  #nameable(names: readonly unknown[]): void {
    for (const key of ['default', 'heartbeat'] as const) {
      const variable = this.variables.get(`openclaw_${key}_model`);
      if (names.includes(this.#get(['models', key]))) continue;
      if (variable !== undefined)
        this.#leave(variable, `names no model that is there; ${String(names[0])} is`);
      this.carried.taken = this.carried.taken.filter(
        ({ path }) => path.slice(2).join('.') !== `models.${key}`,
      );
      putAt(this.carried.values, ['models', key], names[0]);
    }
  }

  /** A server that the playbook has been at is reached as `ssh` says; what differs is how it is reached before. */
  #firstContact(variable: Variable): void {
    const [key, hardened] =
      variable.name === 'ansible_user' ? (['user', 'deploy_user'] as const) : (['port', 'ssh_port'] as const);
    const value = this.#value(variable);
    const after = this.variables.get(hardened)?.value ?? { user: 'deploy', port: 9922 }[key];
    if (value !== UNKNOWN && value !== after) this.#set(variable, ['ssh', 'first_contact', key], value);
  }

  #secret(variable: Variable, value: unknown): void {
    const secret = secretOf(variable.name, value);
    if ('why' in secret) return void this.#leave(variable, secret.why);
    this.carried.secrets.push({ ...secret, place: variable.place });
    if (secret.name === SUDO)
      this.#set(variable, ['ssh', 'sudo_password'], vaultReference(this.server, SUDO));
    if (!variable.isSealed) this.#leave(variable, IN_CLEAR);
  }

  /** Each by itself: an address may stand in clear, a key never. */
  #environment(variable: Variable, value: unknown): void {
    for (const [name, inner] of Object.entries(isPlain(value) ? value : {})) {
      const isSecret = variable.isSealed || isSecretName(name) || looksSecret(String(inner));
      const key = `extra_${name.toLowerCase()}`;
      if (isSecret) this.carried.secrets.push({ name: key, value: String(inner), place: variable.place });
      this.#set(
        { ...variable, name: `${variable.name}.${name}`, comments: [] },
        ['openclaw', 'extra_env', name],
        isSecret ? vaultReference(this.server, key) : String(inner),
      );
    }
  }

  #has(name: string): boolean {
    return this.carried.secrets.some((secret) => secret.name === name);
  }

  #get(key: readonly string[]): unknown {
    return key.reduce<unknown>(
      (inner, part) => (isPlain(inner) ? inner[part] : undefined),
      this.carried.values,
    );
  }

  #set({ name, place, comments }: Variable, key: readonly string[], value: unknown): void {
    if (value === UNKNOWN) return;
    putAt(this.carried.values, key, value);
    this.carried.taken.push({ path: ['servers', this.server, ...key], name, place, comments });
  }

  #leave({ name, place }: Pick<Variable, 'name' | 'place'>, why: string): void {
    this.carried.left.push({ name, place, why });
  }

  #value(variable: Variable): unknown {
    return this.#computed(variable, () => resolved(variable.value, this.#scope));
  }

  #computed(variable: Variable, work: () => unknown): unknown {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Computed)) throw error;
      this.#leave(variable, COMPUTED);
      return UNKNOWN;
    }
  }

  /** A variable that names itself, by a way round, has no value. */
  #scope: Scope = (name) => scopeOf(this.variables, [])(name);
}

const UNKNOWN = Symbol('left to a person');

const scopeOf =
  (variables: Variables, above: readonly string[]): Scope =>
  (name) => {
    const variable = variables.get(name);
    if (variable === undefined || above.includes(name)) throw new Computed();
    return resolved(variable.value, scopeOf(variables, [...above, name]));
  };
