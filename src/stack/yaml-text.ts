// YAML for people: a heading, comments at keys, and quotes around whatever any reader of YAML, old or new, would misread.
import { Document, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';

/** Where a comment stands, as keys and places from the top, and what it says. */
export type Note = readonly [path: readonly (string | number)[], text: string];

export function yamlText(heading: string, value: object, notes: readonly Note[] = []): string {
  // 1.1: compose and Python read it so; there `on`, `1:30` and `0777` would be no texts.
  const document = new Document(value, { version: '1.1', aliasDuplicateObjects: false });
  for (const [path, text] of notes) place(document, path, text);
  return `${commented(heading)}\n${document.toString({ lineWidth: 0 })}`;
}

export const commented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');

function place(document: Document, path: readonly (string | number)[], text: string): void {
  const [last, ...above] = [...path].reverse();
  const holder = above.length === 0 ? document.contents : document.getIn(above.reverse(), true);
  const node = last === undefined ? undefined : keyNode(holder, last);
  if (node === undefined) throw new Error(`No such key to comment: ${path.join('.')}`);
  node.commentBefore = text
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
}

function keyNode(holder: unknown, last: string | number): Node | undefined {
  const found = isMap(holder)
    ? holder.items.find(({ key }) => isScalar(key) && key.value === last)?.key
    : isSeq(holder) && typeof last === 'number'
      ? holder.items[last]
      : undefined;
  return isNode(found) ? found : undefined;
}
