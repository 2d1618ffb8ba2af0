// A server as commands reach it, invented: it remembers what was asked of it, and says what it is told to say.
import { PassThrough } from 'node:stream';
import { render } from '../../src/activities/script.js';
import type { Streams } from '../../src/activities/ssh-channel.js';
import type { Reach } from '../../src/client/reach.js';
import { ClincherError, type ErrorCode } from '../../src/errors.js';
import type { Facts, FactValues } from '../../src/model.js';

export interface Said {
  stdout?: string;
  stderr?: string;
  code?: number;
}

export interface ReachScript {
  /** Of each command in turn; the last one is said again. */
  says?: Said[];
  /** By the name of the fact. */
  facts?: Record<string, unknown>;
  refuses?: ErrorCode;
  secrets?: Record<string, string>;
}

/** For commands that go by the engine alone. */
export const unreached = async (): Promise<Reach> => {
  throw new Error('nobody should reach for a server here');
};

export class FakeReach implements Reach {
  readonly user = 'deploy';
  /** In order: notes, commands, the end. */
  readonly events: string[] = [];
  readonly inputs: string[] = [];

  constructor(private readonly script: ReachScript = {}) {}

  async note(act: string, words: readonly string[] = []): Promise<void> {
    if (this.script.refuses) throw new ClincherError(this.script.refuses, 'invented');
    this.events.push(['note', act, ...words].join(' '));
  }

  async read<F extends Facts>(facts: F): Promise<FactValues<F>> {
    this.events.push(`read ${Object.keys(facts).join(' ')}`);
    return this.script.facts as FactValues<F>;
  }

  async attach(
    command: Parameters<Reach['attach']>[0],
    streams: Streams,
    as = { root: false },
  ): Promise<number> {
    this.events.push(`${as.root ? 'root' : 'user'}: ${command === undefined ? 'a shell' : render(command)}`);
    const says = this.script.says ?? [];
    const { stdout = '', stderr = '', code = 0 } = (says.length > 1 ? says.shift() : says[0]) ?? {};
    if (streams.stdin) this.inputs.push(await text(streams.stdin));
    streams.stdout.write(Buffer.from(stdout));
    streams.stderr.write(Buffer.from(stderr));
    return code;
  }

  async forward(): Promise<PassThrough> {
    return new PassThrough();
  }

  async reveal(ref: string): Promise<string | undefined> {
    return this.script.secrets?.[ref];
  }

  close(): void {
    this.events.push('closed');
  }
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}
