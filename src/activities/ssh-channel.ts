// One channel of a connection joined to streams of this machine: a command's own input and output, or a terminal.
import { constants } from 'node:os';
import type { Client, ClientChannel, PseudoTtyOptions } from 'ssh2';

export interface Size {
  columns: number;
  rows: number;
}

/** A person's own: the far end gets one of the same kind. */
export interface Terminal {
  term: string;
  size(): Size;
  /** Called when the window is made larger or smaller, until the returned function is called. */
  onResize(handler: () => void): () => void;
}

export interface Streams {
  /** Absent: the command has no input. */
  stdin?: NodeJS.ReadableStream | undefined;
  /** What it is to read before that: a password for sudo. */
  before?: string | undefined;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  terminal?: Terminal | undefined;
  /** The command's input ends, as if nobody was there any more. */
  leave?: AbortSignal | undefined;
}

/** Without a command: the user's own shell. Nothing when the channel closed and no exit status came before. */
export async function attach(
  client: Client,
  command: string | undefined,
  streams: Streams,
): Promise<number | undefined> {
  const { channel, ended } = await open(client, command, streams.terminal);
  const undo = [follow(channel, streams.terminal), feed(channel, streams)];
  channel.pipe(streams.stdout, { end: false });
  channel.stderr.pipe(streams.stderr, { end: false });
  try {
    return await ended;
  } finally {
    for (const each of undo) each();
  }
}

const window = ({ term, size }: Terminal): PseudoTtyOptions => {
  const { columns, rows } = size();
  return { term, cols: columns, rows };
};

interface Opened {
  channel: ClientChannel;
  ended: Promise<number | undefined>;
}

/** Its end is listened for at once: that of a quick command may come in the very packet that says that it was begun. */
function open(client: Client, command: string | undefined, terminal: Terminal | undefined): Promise<Opened> {
  const pty = terminal === undefined ? {} : { pty: window(terminal) };
  return new Promise((resolve, reject) => {
    const opened = (error: Error | undefined, channel: ClientChannel): void =>
      error ? reject(error) : resolve({ channel, ended: endOf(channel) });
    if (command === undefined) client.shell(pty.pty ?? false, opened);
    else client.exec(command, pty, opened);
  });
}

function follow(channel: ClientChannel, terminal: Terminal | undefined): () => void {
  if (terminal === undefined) return () => {};
  return terminal.onResize(() => {
    const { columns, rows } = terminal.size();
    channel.setWindow(rows, columns, 0, 0);
  });
}

/** A stream that is piped once would be read on after the command has ended, and swallow what the next one is meant to read. */
function feed(channel: ClientChannel, { stdin, before = '', leave }: Streams): () => void {
  const end = (): void => void channel.end();
  if (before !== '') channel.write(before);
  if (leave?.aborted) end();
  leave?.addEventListener('abort', end);
  // Its own end ends the command's input; without any, the input stays open, so that `leave` can end it.
  stdin?.pipe(channel);
  return () => {
    leave?.removeEventListener('abort', end);
    stdin?.unpipe(channel);
    stdin?.pause();
  };
}

/** As shells say it: 128 and the number of the signal that ended it. */
function endOf(channel: ClientChannel): Promise<number | undefined> {
  return new Promise((resolve) => {
    let code: number | undefined;
    channel.on('error', () => {});
    channel.once('exit', (exit: number | null, signal?: NodeJS.Signals) => {
      code = exit ?? 128 + (signal === undefined ? 0 : constants.signals[signal]);
    });
    channel.once('close', () => resolve(code));
  });
}
