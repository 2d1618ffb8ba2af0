// What `init` has decided so far: settings of one server, and how they are read and set.
import { assign } from '../config/assign.js';
import { at, type Plain, putAt } from '../config/merge.js';

export class Draft {
  readonly values: Plain = { version: 1 };
  /** Behind items of lists: which kind a host key is, say. */
  readonly remarks = new Map<string, string>();

  constructor(
    readonly server: string,
    assignments: readonly string[] = [],
  ) {
    // First, so that it stands first in the file.
    this.values['servers'] = { [server]: {} };
    for (const assignment of assignments) assign(this.values, server, assignment);
  }

  /** Below the server; undefined where nothing was decided. */
  get(key: string): unknown {
    return (
      at(this.values, ['servers', this.server, ...key.split('.')]) ??
      at(this.values, ['defaults', ...key.split('.')])
    );
  }

  text(key: string): string | undefined {
    const value = this.get(key);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** As it is, below the server. */
  put(key: readonly string[], value: unknown): void {
    putAt(this.values, ['servers', this.server, ...key], value);
  }

  set(key: string, value: string): void {
    assign(this.values, this.server, `${key}=${value}`);
  }
}
