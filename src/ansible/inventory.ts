// The hosts of an Ansible inventory in YAML, each with the groups that it is in, from the outermost inwards.
import { isMap, type YAMLMap } from 'yaml';
import type { Parsed, Variable } from './variables.js';

export interface InventoryHost {
  name: string;
  groups: readonly string[];
  /** Of its groups and its own, as they stand in the inventory; the later one holds. */
  ofGroups: readonly Variable[];
  own: readonly Variable[];
}

export function hostsOf({ document, variablesOf }: Parsed): InventoryHost[] {
  const found = new Map<string, InventoryHost>();
  const visit = (
    name: string,
    group: unknown,
    above: readonly string[],
    outer: readonly Variable[],
  ): void => {
    if (!isMap(group)) return;
    const groups = [...above, name];
    const ofGroups = [...outer, ...variablesOf(group.get('vars'))];
    for (const [host, own] of entriesOf(group.get('hosts')))
      found.set(host, together(found.get(host), { name: host, groups, ofGroups, own: variablesOf(own) }));
    for (const [child, inner] of entriesOf(group.get('children'))) visit(child, inner, groups, ofGroups);
  };
  for (const [name, group] of entriesOf(document.contents))
    visit(name, group, name === 'all' ? [] : ['all'], []);
  return [...found.values()];
}

/** A host may stand in several groups. */
function together(old: InventoryHost | undefined, now: InventoryHost): InventoryHost {
  if (old === undefined) return now;
  return {
    name: now.name,
    groups: [...new Set([...old.groups, ...now.groups])],
    ofGroups: [...old.ofGroups, ...now.ofGroups],
    own: [...old.own, ...now.own],
  };
}

const entriesOf = (map: unknown): [string, unknown][] =>
  isMap(map) ? (map as YAMLMap).items.map(({ key, value }) => [String(key), value]) : [];
