// What a key of clincher.yaml means, out of the schema that checks it.
import { configJsonSchema } from '../config/json-schema.js';

export interface KeyDocs {
  path: string;
  description: string;
  type: string;
  fallback?: string | undefined;
  /** Keys below it, with the first sentence of each. */
  children: [string, string][];
}

interface Node {
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
}

/** A key as in the file, or below a server: `ssh.port` is `servers.<name>.ssh.port`. */
export async function keyDocs(key: string): Promise<KeyDocs | undefined> {
  const root = configJsonSchema() as Node;
  const server = anyChild(root.properties?.['servers']);
  const words = key.split('.').filter(Boolean);
  const below = server && find(server, words);
  if (below) return docs(`servers.<name>.${words.join('.')}`, below);
  const found = find(root, words);
  return found && docs(words.join('.'), found);
}

const find = (node: Node, words: readonly string[]): Node | undefined =>
  words.reduce<Node | undefined>((at, word) => (at ? child(at, word) : undefined), node);

const child = (node: Node, word: string): Node | undefined =>
  (node.properties && Object.hasOwn(node.properties, word) ? node.properties[word] : undefined) ??
  anyChild(node) ??
  [...(node.anyOf ?? []), ...(node.oneOf ?? [])]
    .map((one) => child(one, word))
    .find((one) => one !== undefined) ??
  (node.items && child(node.items, word));

const anyChild = (node: Node | undefined): Node | undefined =>
  typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined;

function docs(path: string, node: Node): KeyDocs {
  const children = childrenOf(node);
  return {
    path,
    description: node.description ?? '',
    type: typeOf(node),
    fallback: children.length > 0 || node.default === undefined ? undefined : JSON.stringify(node.default),
    children: children.map(([name, one]) => [name, firstSentence(one.description ?? '')]),
  };
}

/** Of a map of names, the keys below any name; of a list, those of its items. */
function childrenOf({ properties, additionalProperties, items }: Node): [string, Node][] {
  if (properties) return Object.entries(properties);
  const named = typeof additionalProperties === 'object' ? additionalProperties.properties : undefined;
  if (named) return Object.entries(named).map(([name, one]) => [`<name>.${name}`, one]);
  return Object.entries(items?.properties ?? {});
}

function typeOf(node: Node): string {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(' or ');
  const any = node.anyOf ?? node.oneOf;
  if (any) return [...new Set(any.map(typeOf))].join(' or ');
  if (node.type === 'array') return `list of ${node.items ? typeOf(node.items) : 'anything'}`;
  if (node.type === 'object') return 'map';
  return Array.isArray(node.type) ? node.type.join(' or ') : (node.type ?? 'anything');
}

const firstSentence = (text: string): string => text.split(/(?<=\.)\s/)[0] ?? '';
