// One pooled connection a server: handshakes are serialised and paced, since `ufw limit` bans the sixth in 30 s.
import { ClincherError } from '../errors.js';
import type { Server, SshEndpoint } from '../model.js';
import { type LoginBook, memoryBook } from './login-book.js';
import { CONNECT_MS, knock } from './outside-here.js';
import { routes } from './routes.js';
import { type Credentials, connect, type Session } from './ssh.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** `ufw limit` counts 6 in 30 s (ufw(8)); one is left for the operator's own terminal. */
const BURST = 4;
const WINDOW_MS = 30_000;

const ANOTHER_WAY: readonly string[] = ['UNREACHABLE', 'AUTH_REFUSED', 'HOST_LOST', 'DEADLINE'];

export interface PoolDeps {
  credentials(server: Server): Promise<Credentials>;
  connect?: typeof connect;
  /** By address, whatever key was shown there: when the last handshakes that reached it were made. */
  book?: LoginBook | undefined;
  now?: () => number;
  sleep?: (ms: number) => Promise<void>;
}

interface Entry {
  session?: Session | undefined;
  jump?: Session | undefined;
  /** The tail of the queue of handshakes. */
  queue: Promise<unknown>;
}

export class Pool {
  readonly #entries = new Map<string, Entry>();
  readonly #book: LoginBook;

  constructor(private readonly deps: PoolDeps) {
    this.#book = deps.book ?? memoryBook();
  }

  /** The pooled session, opened by the first way in that works. Throws UNREACHABLE, AUTH_REFUSED, HOST_KEY_MISMATCH. */
  session(server: Server): Promise<Session> {
    const entry = this.#entry(server);
    if (entry.session?.alive) return Promise.resolve(entry.session);
    return this.#inTurn(entry, async () => {
      if (entry.session?.alive) return entry.session;
      entry.session = await this.#firstThatWorks(server, entry);
      return entry.session;
    });
  }

  /**
   * A new login by exactly this way, to prove that it works. It then serves as the pooled session: a proof costs one
   * handshake, and what still runs on the former session ends there in peace.
   */
  login(server: Server, endpoint: SshEndpoint): Promise<Session> {
    const entry = this.#entry(server);
    return this.#inTurn(entry, async () => {
      const session = await this.#dial(server, entry, endpoint);
      entry.session?.retire();
      entry.session = session;
      return session;
    });
  }

  /**
   * All its doors at once: one that is off would be waited for at each of them. Behind a jump host only a login knows. The
   * firewall counts whoever knocks as it counts a login.
   */
  async isSilent(server: Server): Promise<boolean> {
    if (server.ssh.jump !== undefined) return false;
    await this.#pace(server.address);
    const ports = new Set(routes(server).map(({ port }) => port));
    const said = await Promise.all([...ports].map((port) => knock(server.address, port, CONNECT_MS)));
    for (const each of said) if (each === 'open') this.#note(server.address);
    return said.every((each) => each === 'silent');
  }

  /** Forget the pooled connection: the next use takes the best way in there is by then. */
  drop(server: Server): void {
    const entry = this.#entry(server);
    entry.session?.retire();
    entry.session = undefined;
  }

  close(): void {
    for (const { session, jump } of this.#entries.values()) {
      session?.close();
      jump?.close();
    }
  }

  #entry(server: Server): Entry {
    const { address, ssh } = server;
    const key = JSON.stringify([
      server.name,
      address,
      ssh.user,
      ssh.port,
      ssh.host_keys,
      ssh.first_contact,
      ssh.jump,
      ssh.identity_file,
    ]);
    const entry = this.#entries.get(key) ?? { queue: Promise.resolve() };
    this.#entries.set(key, entry);
    return entry;
  }

  #inTurn<T>(entry: Entry, work: () => Promise<T>): Promise<T> {
    const turn = entry.queue.then(work, work);
    entry.queue = turn.catch(() => {});
    return turn;
  }

  async #firstThatWorks(server: Server, entry: Entry): Promise<Session> {
    const failures: ClincherError[] = [];
    const silent = new Set<number>();
    for (const endpoint of routes(server)) {
      // A port that does not answer does not answer to another user either.
      if (silent.has(endpoint.port)) continue;
      try {
        return await this.#dial(server, entry, endpoint);
      } catch (error) {
        // A passphrase without a value, a key that is not pinned: another way in would not be another answer.
        if (!(error instanceof ClincherError) || !ANOTHER_WAY.includes(error.code)) throw error;
        failures.push(error);
        if (error.code === 'UNREACHABLE') silent.add(endpoint.port);
      }
    }
    throw summary(server, failures);
  }

  async #dial(server: Server, entry: Entry, endpoint: SshEndpoint): Promise<Session> {
    await this.#pace(server.address);
    const credentials = await this.deps.credentials(server);
    const through = await this.#jump(server, entry, credentials);
    const open = this.deps.connect ?? connect;
    try {
      const session = await open(endpoint, credentials, { timeoutMs: CONNECT_TIMEOUT_MS, through });
      this.#note(server.address);
      return session;
    } catch (error) {
      // What was refused, or never got there, was no connection that a rate limit counts.
      if (!/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN/.test((error as Error).message))
        this.#note(server.address);
      throw error;
    }
  }

  async #jump(server: Server, entry: Entry, credentials: Credentials): Promise<Session | undefined> {
    if (!server.ssh.jump || entry.jump?.alive) return entry.jump;
    entry.jump = await (this.deps.connect ?? connect)(server.ssh.jump, credentials, {
      timeoutMs: CONNECT_TIMEOUT_MS,
    });
    return entry.jump;
  }

  #lately(address: string): number[] {
    return this.#book.read(address).filter((at) => this.#now() - at < WINDOW_MS);
  }

  #note(address: string): void {
    this.#book.write(address, [...this.#lately(address), this.#now()]);
  }

  async #pace(address: string): Promise<void> {
    const oldest = this.#lately(address).at(-BURST);
    if (oldest === undefined) return;
    const wait = this.deps.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
    await wait(WINDOW_MS - (this.#now() - oldest));
  }

  #now(): number {
    return (this.deps.now ?? Date.now)();
  }
}

/** A refused key says more than a closed port: somebody was there. */
function summary(server: Server, failures: ClincherError[]): ClincherError {
  const refused = failures.some(({ code }) => code === 'AUTH_REFUSED');
  const code = refused ? 'AUTH_REFUSED' : 'UNREACHABLE';
  const message = refused
    ? `${server.name} (${server.address}) accepts none of our keys`
    : `${server.name} (${server.address}) does not answer`;
  return new ClincherError(code, message, { evidence: failures.map((failure) => failure.message) });
}
