// What a command says, kept for one document: as much of it as a document should hold.
import { Writable } from 'node:stream';

const MOST_BYTES = 4 * 1024 * 1024;

export class Capture extends Writable {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  isWhole = true;

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    const room = MOST_BYTES - this.#bytes;
    if (chunk.length > room) this.isWhole = false;
    if (room > 0) this.#chunks.push(chunk.subarray(0, room));
    this.#bytes += chunk.length;
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
