// An SSH agent that offers only keys we know the host may accept: sshd counts every offer as an attempt.
import ssh2, { type IdentityCallback, type ParsedKey } from 'ssh2';

/** "Too many authentication failures" is what an agent with six keys earns from `MaxAuthTries 3`. */
export class SelectiveAgent extends ssh2.OpenSSHAgent {
  readonly #blobs: ReadonlySet<string>;

  /** `offer`: public key lines as in authorized_keys. */
  constructor(socket: string, offer: readonly string[]) {
    super(socket);
    this.#blobs = new Set(offer.flatMap(keyBlob));
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    super.getIdentities((error, keys) => {
      const known = (keys as ParsedKey[] | undefined)?.filter((key) => this.#blobs.has(blobOf(key)));
      done(error, known);
    });
  }
}

const blobOf = (key: ParsedKey): string => key.getPublicSSH().toString('base64');

/** The base64 part of a public key line, wherever options in front of it end. */
export const keyBlob = (line: string): string[] =>
  line.split(/\s+/).filter((word) => word.startsWith('AAAA'));
