// A secret value that prints as a fingerprint everywhere; only `reveal()`, at the last seam, gives it.
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  get fingerprint(): string {
    return fingerprint(this.#value);
  }

  toString(): string {
    return shown(this.#value);
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Four digits tell two values apart and are no help in guessing a weak one. */
export const fingerprint = (value: string): string =>
  `sha256:${createHash('sha256').update(value).digest('hex').slice(0, 4)}…`;

export const shown = (value: string): string => `«secret ${fingerprint(value)}»`;
