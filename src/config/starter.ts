// Writes a first clincher.yaml: only what was decided, each key with its description as a comment.
import { Document, isMap, isScalar, visit, type YAMLMap } from 'yaml';
import { schemaAt } from './keys.js';
import type { Plain } from './merge.js';
import { fileSchema } from './schema.js';

const HEAD = ` Written by \`clincher init\`. Every key that is not here has a default: \`clincher config show\` prints them all,
 \`clincher docs <key>\` explains one, and clincher.example.yaml shows each with its reason.`;

/** `remarks` are put behind list items, by their value: the kind of a host key, say. */
export function starterYaml(values: Plain, remarks: ReadonlyMap<string, string> = new Map()): string {
  const document = new Document(values);
  document.commentBefore = HEAD;
  explain(document.contents as unknown as YAMLMap, []);
  visit(document, {
    Scalar: (_, node) => {
      const remark = remarks.get(String(node.value));
      if (remark !== undefined) node.comment = ` ${remark}`;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function explain(map: YAMLMap, path: string[]): void {
  for (const pair of map.items) {
    if (!isScalar(pair.key)) continue;
    const here = [...path, String(pair.key.value)];
    const { description } = (schemaAt(fileSchema(), here) ?? {}) as { description?: string };
    // A map explains itself by its keys; the names of servers are people's own.
    if (description !== undefined && !isMap(pair.value)) pair.key.commentBefore = wrapped(description);
    pair.key.spaceBefore = path.length === 0 && here[0] !== 'version';
    if (isMap(pair.value)) explain(pair.value, here);
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
