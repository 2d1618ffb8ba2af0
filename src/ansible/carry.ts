// A host of the Ansible peer in the words of clincher.yaml, variable by variable.
import { isPlain } from '../config/merge.js';
import { isSecretName, looksSecret } from '../secrets/looks.js';
import { vaultReference } from '../secrets/reference.js';
import { type Carried, Carrier, type Resolved, type Variables } from './carrier.js';
import { channelsOn, leftDomains } from './egress.js';
import { Computed } from './jinja.js';
import { TAKES } from './keys.js';
import { whyLeft } from './left.js';
import { modelsOf } from './models.js';
import { isSecretVariable, SUDO, secretOf } from './secrets.js';
import type { Variable } from './variables.js';

const SEALED = 'is encrypted there; write it into clincher.yaml yourself if whoever reads that may know it';
const EXAMPLE = 'is still the placeholder of the example';
const IN_CLEAR = 'stood there in clear; it is in the vault now: make a new one, and delete the old';

/** Of which several become one thing, after all others. */
const MODELS = ['litellm_models', 'openclaw_max_tokens'];
const DOMAINS = ['egress_allowed_domains', 'egress_extra_domains'];
const LATER = [...MODELS, ...DOMAINS, ...Object.values(TAKES).flatMap((take) => take.with ?? [])];

export function carry(server: string, variables: Variables): Carried {
  const carrier = new Carrier(server, variables);
  const named = namesIn(variables);
  for (const variable of variables.values()) {
    if (LATER.includes(variable.name)) continue;
    const resolved = carrier.resolve(variable);
    if (resolved !== undefined) take(carrier, resolved, named);
  }
  const providers = takeModels(carrier);
  takeDomains(carrier, providers);
  return carrier;
}

/** `vault_telegram_bot_token` is of use where another variable names it. */
const namesIn = (variables: Variables): ReadonlySet<string> =>
  new Set(
    [...variables.values()].flatMap(({ value }) =>
      [...JSON.stringify(value ?? '').matchAll(/\{\{-?\s*([A-Za-z_]\w*)\s*-?\}\}/g)].map(
        ([, name = '']) => name,
      ),
    ),
  );

function take(carrier: Carrier, variable: Resolved, named: ReadonlySet<string>): void {
  const { name } = variable;
  if (isSecretVariable(name)) takeSecret(carrier, variable);
  else if (name === 'openclaw_extra_env') takeEnvironment(carrier, variable);
  else if (name === 'ansible_user' || name === 'ansible_port') takeFirstContact(carrier, variable);
  else if (Object.hasOwn(TAKES, name)) takeSetting(carrier, variable);
  else if (!named.has(name)) carrier.leave(variable, whyLeft(name));
}

function takeSetting(carrier: Carrier, variable: Resolved): void {
  const { name, value, scope, isSealed } = variable;
  if (isSealed) return void carrier.leave(variable, SEALED);
  if (name === 'domain' && /\byourdomain\.com$/.test(String(value)))
    return void carrier.leave(variable, EXAMPLE);
  const { to, as } = TAKES[name]!;
  try {
    carrier.set(variable, to, as(value, scope));
  } catch (error) {
    if (!(error instanceof Computed)) throw error;
    return void carrier.leave(variable, 'says only half of it: its other half is nowhere');
  }
  // There the public rule goes; here it does once a login over the tailnet was proved.
  if (name === 'tailscale_enabled' && carrier.get('tailscale.enabled') === true)
    carrier.set({ ...variable, comments: [] }, ['tailscale', 'ssh_only'], true);
}

function takeSecret(carrier: Carrier, variable: Resolved): void {
  const secret = secretOf(variable.name, variable.value);
  if ('why' in secret) return void carrier.leave(variable, secret.why);
  carrier.secrets.push({ ...secret, place: variable.place });
  if (secret.name === SUDO)
    carrier.set(variable, ['ssh', 'sudo_password'], vaultReference(carrier.server, SUDO));
  if (!variable.isSealed) carrier.leave(variable, IN_CLEAR);
}

/** Each by itself: an address may stand in clear, a key never. */
function takeEnvironment(carrier: Carrier, variable: Resolved): void {
  const { name: whole, place, isSealed } = variable;
  for (const [name, inner] of Object.entries(isPlain(variable.value) ? variable.value : {})) {
    const value = String(inner);
    const isSecret = isSealed || isSecretName(name) || looksSecret(value);
    const key = `extra_${name.toLowerCase()}`;
    if (isSecret) carrier.secrets.push({ name: key, value, place });
    carrier.set(
      { name: `${whole}.${name}`, place, comments: [] },
      ['openclaw', 'extra_env', name],
      isSecret ? vaultReference(carrier.server, key) : value,
    );
  }
}

/** A server that the playbook has been at is reached as `ssh` says; what differs is how it is reached before. */
function takeFirstContact(carrier: Carrier, variable: Resolved): void {
  const key = variable.name === 'ansible_user' ? 'user' : 'port';
  const [hardened, otherwise] = key === 'user' ? ['deploy_user', 'deploy'] : ['ssh_port', 9922];
  const after = carrier.variables.get(String(hardened))?.value ?? otherwise;
  if (String(variable.value) !== String(after))
    carrier.set(variable, ['ssh', 'first_contact', key], variable.value);
}

/** The providers that are of use then. */
function takeModels(carrier: Carrier): string[] {
  const models = ofName(carrier, 'litellm_models');
  if (models === undefined) return [];
  const tokens = carrier.variables.get('openclaw_max_tokens')?.value;
  const { list, providers, lacking } = modelsOf(models.value, tokens, ({ id }) =>
    carrier.hasSecret(`${id}_api_key`),
  );
  for (const { name, why } of lacking) carrier.leave({ ...models, name }, why);
  if (list.length === 0) return [];
  carrier.set(models, ['models', 'list'], list);
  for (const key of ['default', 'heartbeat'] as const)
    nameOneOf(
      carrier,
      key,
      list.map(({ name }) => String(name)),
    );
  const embeddings = String(carrier.get('memory.provider') ?? 'voyage');
  const used = [...new Set([...providers.map(({ id }) => id), 'voyage', embeddings])];
  carrier.set({ ...models, comments: [] }, ['providers'], Object.fromEntries(used.map((id) => [id, {}])));
  return used;
}

/** The first one where the one that was named is left out: nothing else is sure to be there. */
function nameOneOf(carrier: Carrier, key: 'default' | 'heartbeat', names: readonly string[]): void {
  if (names.includes(String(carrier.get(`models.${key}`)))) return;
  const name = `openclaw_${key}_model`;
  const variable = carrier.variables.get(name);
  if (variable !== undefined) carrier.leave(variable, `names no model that is there; ${names[0]} is`);
  carrier.taken = carrier.taken.filter((taken) => taken.name !== name);
  carrier.set({ name: 'litellm_models', place: '', comments: [] }, ['models', key], names[0]);
}

function takeDomains(carrier: Carrier, providers: readonly string[]): void {
  const channels = channelsOn(carrier.get('channels.telegram.enabled') === false ? [] : ['telegram']);
  for (const name of DOMAINS) {
    const variable = ofName(carrier, name);
    if (variable === undefined || !Array.isArray(variable.value)) continue;
    const opened = { server: carrier.server, providers, channels };
    carrier.left.push(...leftDomains(variable.value.map(String), opened, variable.place));
  }
}

function ofName(carrier: Carrier, name: string): Resolved | undefined {
  const variable: Variable | undefined = carrier.variables.get(name);
  return variable && carrier.resolve(variable);
}
