// A stream in whole lines, each made safe for a terminal: what a host says is shown, never obeyed.
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { safeLines } from './view/text.js';

const LONGEST = 64 * 1024;

export class LineWriter extends Writable {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(private readonly each: (line: string) => void) {
    super();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#rest += this.#decoder.write(chunk);
    const end = this.#rest.lastIndexOf('\n') + 1;
    // A line without an end is given out as it is, or it would be kept for ever.
    if (end > 0) this.#give(end);
    else if (this.#rest.length > LONGEST) this.#give(this.#rest.length);
    done();
  }

  /** What has no end yet. */
  flushLines(): void {
    if (this.#rest !== '') this.#give(this.#rest.length);
  }

  #give(end: number): void {
    const text = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    for (const line of safeLines(text)) this.each(line);
  }
}
