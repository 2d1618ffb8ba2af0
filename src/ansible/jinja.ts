// The little of Jinja2 that is a name: `{{ openclaw_base_dir }}/uploads`. What Ansible computes beyond it is left to a person.
import { isPlain } from '../config/merge.js';
import { Literal } from './variables.js';

/** Looks a variable up; throws where there is none. */
export type Scope = (name: string) => unknown;

/** Told where a value is computed by more than a name. */
export class Computed extends Error {}

const EXPRESSION = /\{\{-?\s*(.*?)\s*-?\}\}/g;
const HOME = /^lookup\(\s*['"](?:ansible\.builtin\.)?env['"]\s*,\s*['"]HOME['"]\s*\)$/;

export function resolved(value: unknown, scope: Scope): unknown {
  if (value instanceof Literal) return value.text;
  if (Array.isArray(value)) return value.map((item) => resolved(item, scope));
  if (isPlain(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner, scope)]));
  return typeof value === 'string' ? text(value, scope) : value;
}

/** A text that is one expression keeps the type of what it names. */
function text(value: string, scope: Scope): unknown {
  if (value.includes('{%')) throw new Computed();
  const whole = /^\{\{-?\s*([A-Za-z_]\w*)\s*-?\}\}$/.exec(value.trim());
  if (whole) return scope(whole[1] ?? '');
  return value.replace(EXPRESSION, (_, expression: string) => {
    if (HOME.test(expression)) return '~';
    if (!/^[A-Za-z_]\w*$/.test(expression)) throw new Computed();
    return String(scope(expression));
  });
}
