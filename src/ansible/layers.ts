// Which variables a host has: what is nearer to it holds, as in Ansible, where later files of a folder win over earlier ones.

import type { Left } from '../model.js';
import type { InventoryHost } from './inventory.js';
import type { Variable } from './variables.js';

/** `group_vars/all`, `host_vars/openclaw`: the variables of each, in the order of their files. */
export type Beside = (folder: 'group_vars' | 'host_vars', name: string) => readonly Variable[];

export interface Layered {
  variables: ReadonlyMap<string, Variable>;
  /** Encrypted values that one in clear took the place of. */
  overridden: Left[];
}

export function layersOf(host: InventoryHost, beside: Beside): Layered {
  const layers = [
    ...host.ofGroups,
    ...host.groups.flatMap((group) => beside('group_vars', group)),
    ...host.own,
    ...beside('host_vars', host.name),
  ];
  const variables = new Map<string, Variable>();
  const overridden: Left[] = [];
  for (const variable of layers) {
    const old = variables.get(variable.name);
    if (old?.isSealed && !variable.isSealed)
      overridden.push({
        name: variable.name,
        place: old.place,
        why: `the one in clear at ${variable.place} wins over it, as it does in Ansible; that one was taken`,
      });
    variables.set(variable.name, variable);
  }
  return { variables, overridden };
}
