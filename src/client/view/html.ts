// What others say, as text of a page: never markup.
import { safe } from './text.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const text = (value: string): string =>
  safe(value).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
