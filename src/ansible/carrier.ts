// What was carried over so far of one host: its keys, its secrets, and what has no counterpart.
import { at, type Plain, putAt } from '../config/merge.js';
import type { Taken } from '../config/refused.js';
import type { Left } from '../model.js';
import { Computed, resolved, type Scope } from './jinja.js';
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

export type Variables = ReadonlyMap<string, Variable>;

/** A variable with what it names put in. */
export interface Resolved extends Variable {
  scope: Scope;
}

const COMPUTED = 'Ansible computes it; write what comes out into clincher.yaml';

export class Carrier implements Carried {
  readonly values: Plain = {};
  readonly secrets: TakenSecret[] = [];
  taken: Taken[] = [];
  left: Left[] = [];

  constructor(
    readonly server: string,
    readonly variables: Variables,
  ) {}

  /** Encrypted where anything was that it names, too; nothing where Ansible computes it, which is then said. */
  resolve(variable: Variable): Resolved | undefined {
    let isSealed = variable.isSealed;
    const scope = scopeOf(this.variables, [], (named) => (isSealed ||= named.isSealed));
    try {
      const value = resolved(variable.value, scope);
      return { ...variable, value, isSealed, scope };
    } catch (error) {
      if (!(error instanceof Computed)) throw error;
      this.leave(variable, COMPUTED);
      return undefined;
    }
  }

  get(key: string): unknown {
    return at(this.values, key.split('.'));
  }

  hasSecret(name: string): boolean {
    return this.secrets.some((secret) => secret.name === name);
  }

  set(
    { name, place, comments }: Pick<Variable, 'name' | 'place' | 'comments'>,
    key: readonly string[],
    value: unknown,
  ): void {
    putAt(this.values, key, value);
    this.taken.push({ path: ['servers', this.server, ...key], name, place, comments });
  }

  leave({ name, place }: Pick<Variable, 'name' | 'place'>, why: string): void {
    this.left.push({ name, place, why });
  }
}

/** A variable that names itself, by a way round, has no value. */
const scopeOf =
  (variables: Variables, above: readonly string[], onUse: (variable: Variable) => void): Scope =>
  (name) => {
    const variable = variables.get(name);
    if (variable === undefined || above.includes(name)) throw new Computed();
    onUse(variable);
    return resolved(variable.value, scopeOf(variables, [...above, name], onUse));
  };
