// The files of an Ansible project that hold its inventory and variables, found where Ansible looks for them.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import type { AnsibleFile } from '../ansible/variables.js';
import { ClincherError } from '../errors.js';

export interface AnsibleFiles {
  inventory: AnsibleFile;
  /** `group_vars/all` and so on: the files of each, in the order in which they are read. */
  beside: ReadonlyMap<string, AnsibleFile[]>;
}

/** `inventory`: a file that is named; else the one that ansible.cfg names, or one where it usually is. */
export function ansibleFiles(folder: string, inventory: string | undefined): AnsibleFiles {
  if (!isFolder(folder))
    throw new ClincherError('USAGE', `There is no folder ${folder}; nothing was written.`, {
      remedy: ['clincher import ansible <folder with ansible.cfg, inventory and group_vars>'],
    });
  const path = inventory ?? configured(folder) ?? usual(folder);
  const file = read(folder, path);
  if (!isYaml(file)) throw notYaml(file.name);
  // Beside the inventory, then beside the playbook, which wins.
  const places = [...new Set([dirname(path), folder])];
  const beside = new Map<string, AnsibleFile[]>();
  for (const place of places)
    for (const kind of ['group_vars', 'host_vars'])
      for (const [name, files] of namesIn(folder, join(place, kind)))
        beside.set(`${kind}/${name}`, [...(beside.get(`${kind}/${name}`) ?? []), ...files]);
  return { inventory: file, beside };
}

const USUAL = [
  'inventory/hosts.yml',
  'inventory/hosts.yaml',
  'inventory.yml',
  'inventory.yaml',
  'hosts.yml',
  'hosts.yaml',
];

function usual(folder: string): string {
  const found = USUAL.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new ClincherError('USAGE', `${folder} has no inventory where one usually is; nothing was written.`, {
    remedy: [`clincher import ansible ${folder} --inventory <file>`],
  });
}

function configured(folder: string): string | undefined {
  const config = join(folder, 'ansible.cfg');
  if (!existsSync(config)) return undefined;
  const named = /^\s*inventory\s*=\s*([^\s,;#]+)/m.exec(readFileSync(config, 'utf8'))?.[1];
  if (named === undefined) return undefined;
  const path = resolve(folder, named);
  return isFolder(path) ? usual(dirname(path)) : path;
}

/** Ansible also runs programs and reads INI; its own tool turns both into YAML. */
const isYaml = ({ name, text }: AnsibleFile): boolean =>
  /\.(?:ya?ml|json)$/.test(name) ||
  (extname(name) === '' && /^(?:---|all:)/m.test(text) && !text.startsWith('#!'));

const notYaml = (name: string): ClincherError =>
  new ClincherError('USAGE', `${name} is no inventory in YAML; nothing was written.`, {
    remedy: [
      `ansible-inventory -i ${name} --list --yaml > inventory.yml`,
      'clincher import ansible <folder> --inventory inventory.yml',
    ],
  });

/** `all.yml`, or a folder `all` with any number of files; the files of a folder in the order of their names. */
function namesIn(root: string, folder: string): [string, AnsibleFile[]][] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name): [string, AnsibleFile[]][] => {
      const path = join(folder, name);
      if (isFolder(path)) return [[name, filesBelow(path).map((file) => read(root, file))]];
      return isRead(name) ? [[name.slice(0, name.length - extname(name).length), [read(root, path)]]] : [];
    });
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => isRead(name) && !isFolder(join(folder, name)))
    .sort()
    .map((name) => join(folder, name));

/** `vault.yml.example` is none. */
const isRead = (name: string): boolean => /(?:^|\/)[^./~]+(?:\.(?:ya?ml|json))?$/.test(name);

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function read(root: string, path: string): AnsibleFile {
  try {
    return { name: relative(root, path) || path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ClincherError('USAGE', `${path} cannot be read (${code}); nothing was written.`);
  }
}
