// Who signs which image, and what cosign says of it. Keyless: a certificate names the workflow that signed.
import { lastWord, type ProgramResult, runProgram } from './program.js';

interface Policy {
  /** Regular expression over the certificate's identity. */
  identity: string;
  issuer: string;
}

const GITHUB = 'https://token.actions.githubusercontent.com';

/** The guide (Step 3) accepts any workflow on GitHub, which anybody can have; here it must be the project's own. */
const POLICIES: Readonly<Record<string, Policy>> = {
  'ghcr.io/openclaw/openclaw': { identity: '^https://github\\.com/openclaw/', issuer: GITHUB },
  'ghcr.io/berriai/litellm': { identity: '^https://github\\.com/[Bb]erri[Aa][Ii]/', issuer: GITHUB },
};

export const hasPolicy = (repository: string): boolean => Object.hasOwn(POLICIES, repository);

export const COSIGN_MISSING = 'not checked: cosign is not installed';
export const COSIGN_PAGE = 'https://docs.sigstore.dev/cosign/system_config/installation/';

/** For the lock file; nothing where no policy says who signs. */
export async function signatureOf(
  repository: string,
  digest: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const policy = hasPolicy(repository) ? POLICIES[repository] : undefined;
  if (policy === undefined) return undefined;
  const who = ['--certificate-identity-regexp', policy.identity, '--certificate-oidc-issuer', policy.issuer];
  const image = `${repository}@${digest}`;
  const seen = await runProgram('cosign', ['verify', ...who, image], { env, timeoutMs: 60_000 });
  return seen === undefined ? COSIGN_MISSING : verdict(seen, policy);
}

/** Exit codes: https://github.com/sigstore/cosign/blob/main/doc/cosign_exit-codes.md */
function verdict(seen: ProgramResult, { identity }: Policy): string {
  if (seen.code === 0) return 'verified';
  if (seen.code === 10) return 'unsigned';
  if (seen.code === 12) return `refused: no signature by ${identity}`;
  return `not checked: ${lastWord(seen)}`;
}

/** An older answer that cosign, once it is there, may better. */
export const isUnchecked = (signature: string | undefined): boolean =>
  signature === undefined || signature.startsWith('not checked');
