// A worker's secrets: values are resolved here at the last moment, and whatever was revealed is redacted from then on.
import { dirname } from 'node:path';
import { ClincherError } from '../errors.js';
import type { SecretRef } from '../model.js';
import { ownerOf } from '../stack/tokens.js';
import { encrypt, recipientOf } from './age.js';
import { certificateIn } from './certificate.js';
import { ensureIdentity, readIdentities, recipientsOf } from './identity.js';
import {
  AUDIT_KEY,
  ensureAuditKey,
  ensureInternal,
  ensureOptional,
  ensurePartition,
  type InternalSecret,
  isInternalName,
  type OptionalSecret,
} from './internal.js';
import { Redactor } from './redact.js';
import { parseReference, type Reference, vaultReference } from './reference.js';
import { beginRotation, endRotation, formerNames, takeNext } from './rotation.js';
import { unseal } from './seal.js';
import { fingerprint } from './secret.js';
import { resolveSecret, type SourceContext } from './sources.js';
import { readVault, setEntry, updateVault } from './vault.js';

export interface KeeperOptions {
  /** Absolute path. */
  identity: string;
  env: NodeJS.ProcessEnv;
  warn?: ((text: string) => void) | undefined;
}

/** As much of a server as is needed to find its secrets. */
interface Owner {
  name: string;
  standby_for?: string | undefined;
  /** Absolute path. */
  vault: string;
}

export class Keeper {
  readonly #redactor = new Redactor();

  constructor(private readonly options: KeeperOptions) {}

  async reveal(ref: SecretRef, server: Owner): Promise<string> {
    const value = (await resolveSecret(ref, this.#context(server))).reveal();
    this.#redactor.add(value);
    return value;
  }

  async publicKey(ref: SecretRef, server: Owner): Promise<string> {
    const key = await this.reveal(ref, server);
    const certificate = certificateIn(key);
    if (certificate !== undefined) return certificate;
    return recipientOf(key).catch((cause: unknown) => {
      throw new ClincherError('VAULT_INVALID', `${ref} is no key of age (AGE-SECRET-KEY-1…).`, {
        cause,
        remedy: [`clincher secrets generate ${ref.split('/').at(-1)} -s ${server.name} --rotate`],
      });
    });
  }

  /** Those that have no value. A source that cannot be asked is an error: it is not known to be missing. */
  async missing(refs: readonly SecretRef[], server: Owner): Promise<SecretRef[]> {
    const checked = await Promise.all(
      refs.map(async (ref) => ((await this.#isMissing(ref, server)) ? [ref] : [])),
    );
    return checked.flat();
  }

  /** Our public key, to which answers are sealed. */
  async recipient(): Promise<string> {
    await ensureIdentity(this.options.identity);
    return (await recipientsOf(this.options.identity))[0] ?? '';
  }

  async unseal(sealed: string): Promise<string> {
    const [identity = ''] = await readIdentities(this.options.identity);
    const value = await unseal(sealed, identity);
    this.#redactor.add(value);
    return value;
  }

  async store(ref: SecretRef, value: string, server: Owner): Promise<{ fingerprint: string }> {
    const reference = vaultPlace(ref);
    this.#redactor.add(value);
    const kind = isInternalName(reference.name) ? 'internal' : 'external';
    await updateVault(this.#location(server), (vault) =>
      setEntry(vault, `${reference.server}/${reference.name}`, value, kind),
    );
    return { fingerprint: fingerprint(value) };
  }

  async ensureInternal(server: Owner): Promise<string[]> {
    return (await ensureInternal(ownerOf(server), this.#location(server))).created;
  }

  ensurePartition(partition: string, server: Owner): Promise<string[]> {
    return ensurePartition(ownerOf(server), partition, this.#location(server));
  }

  ensureOptional(wanted: readonly (readonly [string, OptionalSecret])[], server: Owner): Promise<string[]> {
    return ensureOptional(wanted, this.#location(server));
  }

  beginRotation = (name: InternalSecret, server: Owner): Promise<void> =>
    beginRotation(this.#location(server), server.name, name);

  endRotation = (name: InternalSecret, server: Owner, keep: 'new' | 'old'): Promise<void> =>
    endRotation(this.#location(server), server.name, name, keep);

  async takeNext(ref: SecretRef, server: Owner): Promise<void> {
    const { server: owner, name } = vaultPlace(ref);
    await takeNext(this.#location(server), owner, name);
  }

  async settle(ref: SecretRef, server: Owner, keep: 'new' | 'old'): Promise<void> {
    const { server: owner, name } = vaultPlace(ref);
    await endRotation(this.#location(server), owner, name, keep);
  }

  async former(ref: SecretRef, server: Owner): Promise<SecretRef[]> {
    const { server: owner, name } = vaultPlace(ref);
    const vault = await readVault(this.#location(server));
    return formerNames(vault, owner, name).map((each) => vaultReference(owner, each));
  }

  async handOver(server: Owner, recipients: readonly string[]): Promise<string> {
    const vault = await readVault(this.#location(server));
    if (vault !== undefined) return encrypt(JSON.stringify({ ...vault, recipients }, null, 2), recipients);
    throw new ClincherError('VAULT_INVALID', `There is no vault ${server.vault} that could be handed over.`);
  }

  async auditKey(server: Owner): Promise<string> {
    await ensureAuditKey(this.#location(server));
    return this.reveal(`secret://${AUDIT_KEY}`, server);
  }

  redact = (text: string): string => this.#redactor.redact(text);

  async #isMissing(ref: SecretRef, server: Owner): Promise<boolean> {
    return this.reveal(ref, server).then(
      () => false,
      (error: unknown) => {
        if (error instanceof ClincherError && error.code === 'SECRET_MISSING') return true;
        throw error;
      },
    );
  }

  #location = ({ vault }: Owner) => ({ vault, identity: this.options.identity });

  #context(server: Owner): SourceContext {
    const { env, warn } = this.options;
    return { location: this.#location(server), env, cwd: dirname(server.vault), warn };
  }
}

function vaultPlace(ref: SecretRef): Extract<Reference, { kind: 'vault' }> {
  const reference = parseReference(ref);
  if (!('problem' in reference) && reference.kind === 'vault') return reference;
  throw new ClincherError(
    'SECRET_SOURCE_FAILED',
    'Only the vault can take a value; this reference is read elsewhere.',
  );
}
