// One server out of what is computed, what the defaults say and what it says itself.
import type * as z from 'zod';
import { SHARED } from '../secrets/reference.js';
import { computedSecrets } from './default-secrets.js';
import type { Path } from './document.js';
import { serverName } from './fields.js';
import { at, deepMerge, isPlain, type Plain } from './merge.js';
import { type NamedServer, serverSchema } from './schema.js';

export interface Merged {
  name: string;
  issues: z.core.$ZodIssue[];
  /** The server; where something is wrong by itself, with the default in its place. */
  tolerant?: NamedServer;
}

export interface Primary {
  name: string;
  own: Plain;
}

/** All but what is of one machine. */
function inherited(primary: Primary | undefined): Plain {
  const others = structuredClone(primary?.own ?? {});
  const machine = [['address'], ['role'], ['standby_for'], ['ssh', 'host_keys'], ['ssh', 'first_contact']];
  return machine.reduce<Plain>((rest, path) => without(rest, path) as Plain, others);
}

/** In the place of an address that is missing or wrong. */
export const UNKNOWN = 'unknown';

/** `primary`: what the server says whose place this one takes; only what is the standby's own may differ from it. */
export function mergedServer(name: string, defaults: unknown, own: Plain, primary?: Primary): Merged {
  const ownerName = primary?.name ?? name;
  const owner = serverName(ownerName) === undefined ? ownerName : SHARED;
  const asPrimary = deepMerge(isPlain(defaults) ? defaults : {}, inherited(primary));
  const written = deepMerge(asPrimary, own);
  const value = deepMerge(computedSecrets(owner, written), written);
  const { data, error } = serverSchema().safeParse(value, { reportInput: true });
  if (data !== undefined) return { name, issues: [], tolerant: { name, ...data } };
  const pruned = error.issues.flatMap(wrongPaths).reduce(without, structuredClone(value));
  const again = serverSchema().safeParse(deepMerge({ address: UNKNOWN }, pruned)).data;
  return { name, issues: error.issues, ...(again === undefined ? {} : { tolerant: { name, ...again } }) };
}

export const wrongPaths = (issue: z.core.$ZodIssue): Path[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];

/** Removes the value at a path; of a list, the whole list. */
function without(value: unknown, path: Path): unknown {
  const index = path.findIndex((part) => typeof part === 'number');
  const keys = (index < 0 ? path : path.slice(0, index)).map(String);
  const parent = at(value, keys.slice(0, -1));
  if (isPlain(parent)) delete parent[keys.at(-1) ?? ''];
  return value;
}
