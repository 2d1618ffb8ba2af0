// Keeps the page up: where its address is not there yet, or another worker of this machine has it, this one waits for its turn.
import type { Server } from 'node:http';
import { pageScript } from './script.js';
import { type PageOptions, pageServer } from './server.js';

const AGAIN_MS = 10_000;

export interface ServedPage {
  close(): void;
}

export async function servePage(options: PageOptions): Promise<ServedPage> {
  const server = pageServer(options, await pageScript());
  const waiting = keep(server, options);
  return {
    close: () => {
      waiting.stop();
      server.close();
      server.closeAllConnections();
    },
  };
}

function keep(server: Server, { place: { host, port }, say }: PageOptions): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let last: string | undefined;
  const listen = (): void => void server.listen(port, host);
  server.on('listening', () => say('the page of gates is served', { host, port }));
  server.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== last) say('the page of gates waits for its address', { host, port, why: code ?? message });
    last = code;
    timer = setTimeout(listen, AGAIN_MS).unref();
  });
  listen();
  return { stop: () => clearTimeout(timer) };
}
