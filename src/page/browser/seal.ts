// In the browser: closes a secret for the worker's key, by the very code that a terminal does it with.
import { encrypt } from '../../secrets/age.js';

/**
 * Over plain HTTP in a tailnet a browser has no WebCrypto, and its absence is not what the age library falls back from: it
 * does so where an algorithm is missing. So that is what is said; the library's own X25519 does the work then.
 */
function withoutWebCrypto(): void {
  if ((crypto.subtle as SubtleCrypto | undefined) !== undefined) return;
  const importKey = (): never => {
    throw new DOMException('no WebCrypto here', 'NotSupportedError');
  };
  Object.defineProperty(crypto, 'subtle', { value: { importKey } });
}

export function seal(value: string, recipient: string): Promise<string> {
  withoutWebCrypto();
  return encrypt(value, [recipient]);
}
