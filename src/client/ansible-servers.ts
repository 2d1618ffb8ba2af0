// The servers of an Ansible project, drawn up from its files: one for each host of the inventory.
import type { Carried } from '../ansible/carrier.js';
import { carry } from '../ansible/carry.js';
import { hostsOf, type InventoryHost } from '../ansible/inventory.js';
import { layersOf } from '../ansible/layers.js';
import { type Open, parseFile, type Variable } from '../ansible/variables.js';
import { serverName } from '../config/fields.js';
import { keysOf } from '../config/keys.js';
import type { Plain } from '../config/merge.js';
import { serverSchema } from '../config/schema.js';
import { ClincherError } from '../errors.js';
import type { AnsibleFiles } from './ansible-files.js';

export interface Drawn extends Carried {
  server: string;
}

export function drawUp({ inventory, beside }: AnsibleFiles, open: Open): Drawn[] {
  const hosts = hostsOf(parseFile(inventory, open));
  if (hosts.length === 0)
    throw new ClincherError('USAGE', `${inventory.name} names no host; nothing was written.`);
  const read = new Map<string, Variable[]>();
  for (const [name, files] of beside)
    read.set(
      name,
      files.flatMap((file) => variablesIn(parseFile(file, open))),
    );
  const names = new Set<string>();
  return hosts.map((host) => {
    const server = nameOf(host.name, names);
    return drawn(host, server, (folder, name) => read.get(`${folder}/${name}`) ?? []);
  });
}

const variablesIn = ({ document, variablesOf }: ReturnType<typeof parseFile>): Variable[] =>
  variablesOf(document.contents);

function drawn(host: InventoryHost, server: string, beside: Parameters<typeof layersOf>[1]): Drawn {
  const { variables, overridden } = layersOf(host, beside);
  const carried = carry(server, variables);
  // A host without an address is reached by its own name.
  const values = inOrder({ address: host.name, ...carried.values });
  return { ...carried, server, values, left: [...overridden, ...carried.left] };
}

/** As the schema has them. */
const inOrder = (own: Plain): Plain =>
  Object.fromEntries(
    keysOf(serverSchema()).flatMap((key) => (Object.hasOwn(own, key) ? [[key, own[key]]] : [])),
  );

/** As close to the host’s as a server may be called; a host that is only an address is `prod`. */
function nameOf(host: string, names: Set<string>): string {
  const plain = host.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  const name = plain.replace(/^[^a-z]+|-+$/g, '').slice(0, 30);
  const free = [name, 'prod', `prod-${names.size + 1}`].find(
    (one) => serverName(one) === undefined && !names.has(one),
  );
  names.add(free!);
  return free!;
}
