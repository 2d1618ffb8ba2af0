// A server that lives through a year without being there: its own backups, its token, its mark, by the rules of the real ones.
import { activityInfo } from '@temporalio/activity';
import type { Activities, TaskInput } from '../../../src/activities/api.js';
import { EARLY_HOURS } from '../../../src/commands/backup-program.js';
import type { Backup, Server } from '../../../src/model.js';
import { beginRotation, endRotation } from '../../../src/secrets/rotation.js';
import { entryOf, readVault, type VaultLocation } from '../../../src/secrets/vault.js';
import { withoutExpired } from '../../../src/stack/egress-extras.js';
import { type Fakes, failing, fakes, plan, survey } from '../harness.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const EVERY = (24 - EARLY_HOURS) * HOUR;
/** So long an archive takes: what is due by the minute is a little older when the old ones go. */
const WORK = 40_000;

interface Kept {
  at: number;
  key: string;
  verified?: number;
}

export class HostOfAYear {
  /** Oldest first. */
  kept: Kept[] = [];
  readonly made: Kept[] = [];
  /** By their keys. */
  readonly drilled = new Set<string>();
  /** Each token that it was ever given, in order. */
  readonly tokens: string[] = [];
  /** When its list of extra ways out became another, and what it was then. */
  readonly ways: { at: number; domains: string[] }[] = [];
  /** Where two runs were at work at once. Must stay empty. */
  readonly trespasses: string[] = [];
  #mark: string | undefined;

  constructor(
    readonly server: Server,
    readonly vault: VaultLocation,
  ) {}

  get mark(): string | undefined {
    return this.#mark;
  }

  get fakes(): Fakes {
    return fakes(this.#activities());
  }

  /** What its own timer starts each night, whether there is a control plane or not: `clincher-backup due`. */
  timer(now: number): void {
    const newest = this.kept.at(-1);
    if (newest === undefined || newest.at < now - EVERY) this.#make(now, `timer-${now}`);
  }

  async inVault(name: string): Promise<string | undefined> {
    return entryOf(await readVault(this.vault), `${this.server.name}/${name}`)?.value;
  }

  #make(at: number, key: string): Kept {
    const before = this.made.find((one) => one.key === key);
    if (before) return before;
    const one: Kept = { at, key };
    this.made.push(one);
    this.kept.push(one);
    this.#prune(at + WORK);
    return one;
  }

  /** By age; never the newest, and never the last that was read to its end. */
  #prune(now: number): void {
    const [newest, verified] = [this.kept.at(-1), this.kept.findLast((one) => one.verified !== undefined)];
    const oldest = now - this.server.backup.keep_days * DAY;
    this.kept = this.kept.filter((one) => one.at >= oldest || one === newest || one === verified);
  }

  #claim({ run }: { run: string }): void {
    if (this.#mark !== undefined && this.#mark !== run)
      this.trespasses.push(`${run} while ${this.#mark} is at work`);
    this.#mark = run;
  }

  #newest(input: TaskInput): Kept {
    this.#claim(input);
    const newest = this.kept.at(-1);
    if (newest === undefined) throw failing('BACKUP_NOT_FOUND');
    return newest;
  }

  #activities(): Partial<Activities> {
    return {
      preflight: async (input) => {
        this.#claim(input);
        return { remote: [] };
      },
      release: async ({ run }) => {
        if (this.#mark === run) this.#mark = undefined;
      },
      ...this.#backups(),
      ...this.#files(),
      ...this.#token(),
      ...this.#egress(),
    };
  }

  #backups(): Partial<Activities> {
    return {
      makeBackup: async (input) => {
        this.#claim(input);
        return { backup: backupOf(this.#make(now(), input.key)), changes: [], remote: [] };
      },
      checkBackup: async (input) => {
        const newest = this.#newest(input);
        newest.verified = now();
        return { backup: backupOf(newest), changes: [], remote: [] };
      },
      drillBackup: async (input) => {
        this.#newest(input);
        this.drilled.add(input.key);
        return { checks: [], changes: [], remote: [] };
      },
    };
  }

  /** It has the token and the ways out that it was last converged to. */
  #files(): Partial<Activities> {
    return {
      survey: async ({ checklist, server }) => {
        const drifts = checklist === 'stack' && (this.#shut(server) || (await this.#isOld()));
        return survey(checklist, [plan(`${checklist}.a`, drifts ? 'drift' : 'ok')]);
      },
      converge: async (input) => {
        this.#claim(input);
        if (await this.#isOld()) this.tokens.push((await this.inVault('gateway_token'))!);
        if (this.#shut(input.server)) this.ways.push({ at: now(), domains: wanted(input.server) });
        return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
      },
    };
  }

  #isOld = async (): Promise<boolean> => this.tokens.at(-1) !== (await this.inVault('gateway_token'));

  /** Its list is not what it is to be by now. */
  #shut = (server: Server): boolean => this.ways.at(-1)?.domains.join() !== wanted(server).join();

  #egress(): Partial<Activities> {
    return {
      lookAtEgress: async ({ server }) => ({
        ...{ differs: this.#shut(server), domains: [], extras: [], said: {}, remote: [] },
      }),
      tryEgress: async (input) => {
        this.#claim(input);
        return { changes: [], remote: [] };
      },
      proveEgress: async ({ server }) => {
        if (this.#shut(server)) throw failing('EGRESS_BROKEN');
        return { changes: [], remote: [] };
      },
    };
  }

  /** The vault is a real one. */
  #token(): Partial<Activities> {
    const { name } = this.server;
    return {
      beginRotation: async () => beginRotation(this.vault, name, 'gateway_token'),
      endRotation: async ({ keep }) => endRotation(this.vault, name, 'gateway_token', keep),
      proveRotation: async () => {
        const [token, before] = [
          await this.inVault('gateway_token'),
          await this.inVault('gateway_token_before'),
        ];
        const isRotated = before !== undefined && token !== before && this.tokens.at(-1) === token;
        if (!isRotated) throw failing('NOT_ROTATED');
        return { changes: [{ what: 'the new one is taken' }], remote: [] };
      },
    };
  }
}

/** As the worker itself shows a server to every activity. */
const wanted = (server: Server): string[] =>
  withoutExpired(server, now()).stack.egress.extra_domains.map(({ domain }) => domain);

/** By the test server's clock, which skips. */
const now = (): number => activityInfo().currentAttemptScheduledTimestampMs;

const backupOf = ({ at }: Kept): Backup => ({ id: new Date(at).toISOString() });
