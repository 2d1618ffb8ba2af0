// Links to the page: each opens in one browser and takes one answer. Only hashes are kept, so who reads the file has no link.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ClincherError } from '../errors.js';
import { writeAtomically } from '../secrets/atomic-file.js';
import { withFileLock } from '../secrets/file-lock.js';

/** The very gate: one that was closed and is open again under its name is another one. */
export interface GateAt {
  server: string;
  run: string;
  gate: string;
  openedAt: string;
}

export interface Link {
  /** SHA-256 of what the link carries. */
  hash: string;
  /** Absent: it shows all gates and runs, and may answer each. */
  at?: GateAt | undefined;
  expiresAt: number;
  /** SHA-256 of the key of the browser that opened it first. */
  holder?: string | undefined;
  isSpent?: boolean | undefined;
}

/** What a browser shows: the link's own token, and a key that the browser made for itself. */
export interface Ticket {
  token: string;
  key: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A link from an alert lasts until the next one comes; one that somebody asked for is used at once. */
const UNOPENED_MS = { gate: 24 * HOUR_MS, all: 10 * MINUTE_MS } as const;
const OPENED_MS = { gate: HOUR_MS, all: 8 * HOUR_MS } as const;
/** So long a link that is over is known as such. */
const REMEMBERED_MS = 24 * HOUR_MS;

export class Links {
  constructor(
    private readonly file: string,
    private readonly url: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** The token is behind the #: no server, log or preview of a chat ever gets that part of an address. */
  async mint(at?: GateAt): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = this.now() + UNOPENED_MS[kindOf({ at })];
    await this.#change((links) => [...links, { hash: hashOf(token), expiresAt, ...(at ? { at } : {}) }]);
    return `${this.url}/#${token}`;
  }

  /** Belongs from now on to the browser that shows it first; throws for any other. */
  async open(ticket: Ticket): Promise<Link> {
    const found = this.#valid(await this.#read(), ticket);
    return found.holder === undefined ? this.#claim(ticket) : found;
  }

  /** Its gate has its answer. */
  async spend({ token }: Ticket): Promise<void> {
    await this.#change((links) =>
      links.map((link) => (isHashOf(link.hash, token) ? { ...link, isSpent: true } : link)),
    );
  }

  /** Looked at again under the lock: of two browsers at once one is the first. */
  async #claim(ticket: Ticket): Promise<Link> {
    let mine: Link | undefined;
    await this.#change((links) => {
      const found = this.#valid(links, ticket);
      const holder = hashOf(ticket.key);
      mine = { ...found, holder, expiresAt: this.now() + OPENED_MS[kindOf(found)] };
      return links.map((link) => (link === found ? mine! : link));
    });
    return mine!;
  }

  #valid(links: readonly Link[], { token, key }: Ticket): Link {
    const link = links.find(({ hash }) => isHashOf(hash, token));
    if (link === undefined) throw new ClincherError('LINK_INVALID', 'The page knows no such link.');
    if (link.holder !== undefined && !isHashOf(link.holder, key))
      throw new ClincherError('LINK_USED', 'This link was opened in another browser already.');
    if (link.isSpent) throw new ClincherError('LINK_USED', 'This link has answered its gate already.');
    if (link.expiresAt <= this.now()) throw new ClincherError('LINK_EXPIRED', 'This link is too old.');
    return link;
  }

  async #change(change: (links: readonly Link[]) => readonly Link[]): Promise<void> {
    await withFileLock(this.file, async () => {
      const kept = (await this.#read()).filter(({ expiresAt }) => expiresAt + REMEMBERED_MS > this.now());
      await writeAtomically(this.file, `${JSON.stringify(change(kept), null, 2)}\n`);
    });
  }

  async #read(): Promise<readonly Link[]> {
    const text = await readFile(this.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '[]';
      throw error;
    });
    return JSON.parse(text) as Link[];
  }
}

const kindOf = ({ at }: Pick<Link, 'at'>): 'gate' | 'all' => (at === undefined ? 'all' : 'gate');

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const isHashOf = (hash: string, secret: string): boolean =>
  timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(hashOf(secret), 'hex'));
