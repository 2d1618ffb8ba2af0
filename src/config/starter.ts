// Writes a first clincher.yaml: only what was decided, each key with its description as a comment.
import { Document, isMap, isScalar, visit, type YAMLMap } from 'yaml';
import { schemaAt } from './keys.js';
import type { Plain } from './merge.js';
import { fileSchema } from './schema.js';

const head = (by: string): string =>
  ` Written by \`${by}\`. Every key that is not here has a default: \`clincher config show\` prints them all,
 \`clincher docs <key>\` explains one, and clincher.example.yaml shows each with its reason.`;

export interface Remarks {
  /** Behind list items, by their value: the kind of a host key, say. */
  items?: ReadonlyMap<string, string>;
  /** Above a key, by its dotted path: what a person wrote beside it elsewhere. */
  keys?: ReadonlyMap<string, readonly string[]>;
  /** The command that writes the file. */
  by?: string;
}

export function starterYaml(values: Plain, { items, keys, by = 'clincher init' }: Remarks = {}): string {
  const document = new Document(values);
  document.commentBefore = head(by);
  explain(document.contents as unknown as YAMLMap, [], keys ?? new Map());
  visit(document, {
    Scalar: (_, node) => {
      const remark = items?.get(String(node.value));
      if (remark !== undefined) node.comment = ` ${remark}`;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function explain(map: YAMLMap, path: string[], own: NonNullable<Remarks['keys']>): void {
  for (const pair of map.items) {
    if (!isScalar(pair.key)) continue;
    const here = [...path, String(pair.key.value)];
    const { description } = (schemaAt(fileSchema(), here) ?? {}) as { description?: string };
    // A map explains itself by its keys; the names of servers are people's own.
    const above = description !== undefined && !isMap(pair.value) ? [wrapped(description)] : [];
    const lines = [...above, ...(own.get(here.join('.')) ?? []).map((line) => ` ${line}`)];
    if (lines.length > 0) pair.key.commentBefore = lines.join('\n');
    pair.key.spaceBefore = path.length === 0 && here[0] !== 'version';
    if (isMap(pair.value)) explain(pair.value, here, own);
  }
}

const WIDTH = 96;

/** Every line begins with the blank behind `#`. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > WIDTH) lines.push(` ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
