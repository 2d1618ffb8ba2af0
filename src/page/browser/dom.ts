// In the browser: elements made without markup, so that no text can become any.

type Child = Node | string | undefined;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export const byId = (id: string): HTMLElement => document.getElementById(id)!;

/** A link of a gate leads where it says or nowhere: `javascript:` and the like stay text. */
export const anchor = (href: string): Node =>
  /^https?:\/\//.test(href)
    ? el('a', { href, textContent: href, rel: 'noreferrer noopener', target: '_blank' })
    : document.createTextNode(href);
