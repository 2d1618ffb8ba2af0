// Serves the page beside a worker: a shell that anybody may have, and answers for whoever shows a link. Speaks of no link in its log.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Control } from '../client/control.js';
import { ClincherError } from '../errors.js';
import { answer, look } from './api.js';
import { HEADERS, refusal, ticketOf } from './guard.js';
import { Limit } from './limit.js';
import type { Link, Links, Ticket } from './links.js';
import type { Place } from './place.js';
import type { Refused } from './seen.js';
import { SHELL, STYLE } from './shell.js';

export interface PageOptions {
  place: Place;
  links: Pick<Links, 'open' | 'spend'>;
  control: Pick<Control, 'list' | 'state' | 'answer'>;
  /** For the worker's log. */
  say(what: string, about: Record<string, unknown>): void;
}

const MAX_BODY = 64 * 1024;
/** A page that is looked at asks 12 times a minute. */
const LOOKS_A_MINUTE = 60;
const FAILURES_A_MINUTE = 20;

/** The server; who makes it says where it listens. */
export function pageServer(options: PageOptions, script: string): Server {
  const page = new Page(options, script);
  const server = createServer((request, response) => void page.take(request, response));
  // Whoever is slow on purpose holds no place for long.
  Object.assign(server, {
    maxConnections: 64,
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 20_000,
  });
  return server;
}

class Page {
  readonly #asked = new Limit(LOOKS_A_MINUTE);
  readonly #failed = new Limit(FAILURES_A_MINUTE);
  /** Links whose answer is on its way: a second one by the same link waits for none. */
  readonly #answering = new Set<string>();
  readonly #files: Record<string, [type: string, text: string]>;

  constructor(
    private readonly options: PageOptions,
    script: string,
  ) {
    this.#files = {
      '/': ['text/html', SHELL],
      '/page.css': ['text/css', STYLE],
      '/page.js': ['text/javascript', script],
    };
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      const refused = coded(error);
      if (!(error instanceof ClincherError))
        this.options.say('the page failed', {
          message: error instanceof Error ? error.message : String(error),
        });
      sendJson(response, STATUS[refused.code] ?? 500, told(refused));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '/', headers } = request;
    const why = refusal({ method, path, headers }, this.options.place);
    if (why !== undefined) throw this.#failure(request, new ClincherError('PAGE_REFUSED', why));
    const file = Object.hasOwn(this.#files, path) ? this.#files[path] : undefined;
    if (file !== undefined) return send(response, 200, file[0], method === 'HEAD' ? '' : file[1]);
    const verb = { '/api/look': this.#look, '/api/answer': this.#take }[path];
    if (verb === undefined) return send(response, 404, 'text/plain', 'There is nothing here.\n');
    sendJson(response, 200, await verb.call(this, request, await this.#admitted(request)));
  }

  /** A link that is good is asked for no more than its own limit: nobody can shut others out. */
  async #admitted(request: IncomingMessage): Promise<[Link, Ticket]> {
    const ticket = ticketOf(request.headers);
    if (ticket === undefined)
      throw this.#failure(request, new ClincherError('LINK_INVALID', 'The page opens by a link.'));
    const link = await this.options.links.open(ticket).catch((error: unknown) => {
      throw this.#failure(request, error);
    });
    if (this.#asked.isReached(link.hash)) throw new ClincherError('PAGE_BUSY', 'This link asks too often.');
    return [link, ticket];
  }

  #look(_: IncomingMessage, [link]: [Link, Ticket]): Promise<object> {
    return look(this.options.control, link);
  }

  async #take(request: IncomingMessage, [link, ticket]: [Link, Ticket]): Promise<object> {
    const asked = await body(request);
    if (link.at !== undefined && this.#answering.has(link.hash))
      throw new ClincherError('PAGE_BUSY', 'An answer by this link is on its way.');
    this.#answering.add(link.hash);
    try {
      const receipt = await answer(this.options.control, link, asked, `page@${from(request)}`);
      if (receipt.accepted && link.at !== undefined) await this.options.links.spend(ticket);
      const { run, gate } = asked as { run: string; gate: string };
      this.options.say('the page took an answer', {
        run,
        gate,
        from: from(request),
        accepted: receipt.accepted,
      });
      return receipt;
    } finally {
      this.#answering.delete(link.hash);
    }
  }

  /** Told in the log, and after so many a minute to whoever tries, in fewer words. */
  #failure(request: IncomingMessage, error: unknown): unknown {
    if (this.#failed.isReached(from(request))) return new ClincherError('PAGE_BUSY', 'Too many refusals.');
    if (error instanceof ClincherError)
      this.options.say('the page refused', { code: error.code, why: error.message, from: from(request) });
    return error;
  }
}

const from = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? 'nowhere';

const STATUS: Readonly<Record<string, number>> = {
  ...{ ANSWER_INVALID: 400, LINK_INVALID: 401, PAGE_REFUSED: 403, PAGE_BUSY: 429 },
  ...{ NO_SUCH_GATE: 410, LINK_USED: 410, LINK_EXPIRED: 410, RUN_NOT_FOUND: 410 },
  ...{ WORKER_NOT_RUNNING: 503, TEMPORAL_UNREACHABLE: 503, OUTCOME_UNKNOWN: 503 },
};

/** What has no code is ours to look at in the log: its words might hold anything. */
const coded = (error: unknown): ClincherError =>
  error instanceof ClincherError
    ? error
    : new ClincherError('INTERNAL', 'The page failed; the worker’s log says why.');

const told = ({ code, message, remedy }: ClincherError): Refused => ({ error: { code, message, remedy } });

async function body(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) throw new ClincherError('ANSWER_INVALID', 'The answer is too long.');
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new ClincherError('ANSWER_INVALID', 'The answer is no JSON.');
  }
}

const sendJson = (response: ServerResponse, status: number, value: object): void =>
  send(response, status, 'application/json', JSON.stringify(value));

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` }).end(text);
}
