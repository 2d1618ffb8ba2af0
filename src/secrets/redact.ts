// Takes known secret values out of any text, also where they were encoded on the way.
import { shown } from './secret.js';

/** Anything shorter is found in ordinary words, and replacing it would make logs unreadable. */
const MIN_LENGTH = 4;

export class Redactor {
  /** Form to mark, the longest form first: a secret may be a part of another. */
  #marks: [form: string, mark: string][] = [];

  add(value: string): void {
    const marks = new Map(this.#marks);
    for (const secret of [value, ...linesOf(value)])
      for (const form of formsOf(secret)) marks.set(form, shown(value));
    this.#marks = [...marks].sort(([a], [b]) => b.length - a.length);
  }

  redact(text: string): string {
    // Not one pattern of all forms: a large secret makes it larger than patterns may be.
    return this.#marks.reduce((rest, [form, mark]) => rest.replaceAll(form, mark), text);
  }
}

/** Logs are kept by the line, so every line of a private key counts by itself. */
function linesOf(value: string): string[] {
  const lines = value.split(/\r?\n/);
  return lines.length < 2 ? [] : lines.map((line) => line.trim()).filter((line) => line.length >= 8);
}

function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'));
  const forms = [
    value,
    json,
    json.replace(/\//g, '\\/'),
    JSON.stringify(json).slice(1, -1),
    asciiJson(json),
    url,
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    url.replace(/%20/g, '+'),
    new URLSearchParams([['', value]]).toString().slice(1),
    value.replaceAll("'", "'\\''"),
    Buffer.from(value).toString('hex'),
    ...base64Forms(value),
  ];
  return forms.filter((form) => form.length >= MIN_LENGTH);
}

const asciiJson = (json: string): string =>
  json.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Inside a longer base64 text a value begins at one of three positions in a group of four characters.
 * Of each, the characters that depend on the value alone are taken; both alphabets, with and without padding.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const inner = [0, 1, 2].map((shift) => aligned(bytes, shift)).filter((form) => form.length >= 6);
  const forms = [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, ''), ...inner];
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

function aligned(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = [0, 2, 3][shift] ?? 0;
  const isWhole = (bytes.length + shift) % 3 === 0;
  return text.slice(first, isWhole ? undefined : -1);
}
