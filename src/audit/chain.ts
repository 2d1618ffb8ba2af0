// The chain of an audit export: each line carries the hash of the one above and its own, over one way of writing it.
import { createHash } from 'node:crypto';
import type { AuditLink, AuditRecord, AuditStatement } from '../model.js';

export const FORMAT = 'clincher.audit/1';

/** Keys sorted, no blanks, what is undefined left out: one way to write a value, so that every byte counts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

/** Of a line without its own hash. */
export const hashOf = (record: object): string =>
  createHash('sha256').update(canonical(record)).digest('hex');

/** All that is signed: how many lines there are and the hash of the last, which stands for all of them. */
export const statement = ({ count, head }: AuditStatement): string => `${FORMAT}\n${count}\n${head}\n`;

export class Chain {
  readonly #lines: string[] = [];
  #head = '';

  /** What the footer says of the lines so far. */
  get statement(): AuditStatement {
    return { count: this.#lines.length, head: this.#head };
  }

  add(...records: readonly AuditRecord[]): void {
    for (const record of records) {
      const linked: Omit<AuditLink, 'sha256'> & AuditRecord = {
        ...record,
        n: this.#lines.length,
        prev: this.#head,
      };
      this.#head = hashOf(linked);
      this.#lines.push(canonical({ ...linked, sha256: this.#head }));
    }
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}
