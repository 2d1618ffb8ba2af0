// One way out more or less in the text of clincher.yaml: everything else in it stays as a person wrote it.
import { type Document, isMap, isSeq, stringify, type YAMLSeq } from 'yaml';
import { ClincherError } from '../errors.js';
import type { ExtraDomain } from '../model.js';
import { alone, edited, habits, parsed } from './edited.js';
import { insert, removeItem, removeKey } from './yaml-lines.js';

const KEY = 'extra_domains';
const pathOf = (server: string): string[] => ['servers', server, 'stack', 'egress', KEY];

/** `inherited`: what the server has now, which its own list has to say once it has one. */
export const withDomain = (
  text: string,
  server: string,
  extra: ExtraDomain,
  inherited: readonly ExtraDomain[],
): string =>
  edited(
    text,
    (document) => {
      const list = ownList(document, server, inherited);
      remove(list, extra.domain);
      list.add(document.createNode(extra));
      list.flow = false;
    },
    (lines) => {
      const list = listIn(parsed(lines), server);
      const others = inherited.filter(({ domain }) => domain !== extra.domain);
      const items = list === undefined ? [...others, extra] : [extra];
      const rest = list === undefined ? lines : without(lines, server, list, extra.domain);
      return insert(rest, parsed(rest), pathOf(server), stringify(items, { lineWidth: 0 }), habits(lines));
    },
  );

export const withoutDomain = (
  text: string,
  server: string,
  domain: string,
  inherited: readonly ExtraDomain[],
): string =>
  edited(
    text,
    (document) => {
      const list = ownList(document, server, inherited);
      remove(list, domain);
      if (list.items.length === 0 && !isInDefaults(document))
        document.deleteIn(alone(document, pathOf(server)));
    },
    (lines) => {
      const document = parsed(lines);
      const list = listIn(document, server);
      if (list === undefined) throw new Error('the list of the defaults is not this server’s to change');
      return list.items.length > 1
        ? without(lines, server, list, domain)
        : removeKey(lines, document, alone(document, pathOf(server)));
    },
  );

/** An empty list shuts what the defaults open; without them it says nothing. */
const isInDefaults = (document: Document): boolean =>
  document.getIn(['defaults', 'stack', 'egress', KEY]) !== undefined;

const listIn = (document: Document, server: string): YAMLSeq | undefined => {
  const found = document.getIn(pathOf(server), true);
  return isSeq(found) ? found : undefined;
};

function ownList(document: Document, server: string, inherited: readonly ExtraDomain[]): YAMLSeq {
  const found = listIn(document, server);
  if (found !== undefined) return found;
  try {
    // An alias stands for a list of others.
    if (document.hasIn(pathOf(server)) && document.getIn(pathOf(server)) !== null) throw new Error('alias');
    const list = document.createNode([...inherited]) as YAMLSeq;
    document.setIn(pathOf(server), list);
    return list;
  } catch {
    throw new ClincherError(
      'USAGE',
      `clincher.yaml says stack.egress.${KEY} in a way that only a hand can change.`,
      {
        remedy: [`edit it, then \`clincher run egress -s ${server}\``],
      },
    );
  }
}

const placeOf = (list: YAMLSeq, domain: string): number =>
  list.items.findIndex((item) => isMap(item) && item.get('domain') === domain);

function remove(list: YAMLSeq, domain: string): void {
  const at = placeOf(list, domain);
  if (at >= 0) list.items.splice(at, 1);
}

/** The text without the item; where nothing is left of the list, without its key. */
function without(text: string, server: string, list: YAMLSeq, domain: string): string {
  const at = placeOf(list, domain);
  if (list.items.length === (at < 0 ? 0 : 1)) return removeKey(text, parsed(text), pathOf(server));
  return at < 0 ? text : removeItem(text, list, at);
}
