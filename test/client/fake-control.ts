// An engine that plays states from a list, and remembers what it was asked.
import type { Control, ListOptions, RunSummary, StartInput, WorkerSeen } from '../../src/client/control.js';
import { ClincherError } from '../../src/errors.js';
import type {
  FleetInput,
  FleetMember,
  PlannedSchedule,
  RunState,
  ScheduleAct,
  ScheduleChanges,
  ScheduleSeen,
  SyncScope,
  WatchSeen,
} from '../../src/model.js';
import type { GateAnswer, GateReceipt } from '../../src/workflows/messages.js';
import { waves } from '../../src/workflows/waves.js';
import { ended } from './states.js';

const OPEN = { status: 'running' as const, endedAt: undefined };

type Played = RunState | ClincherError;

export interface Script {
  /** What each look at a run shows, in turn; the last one stays. By run id; `*` is any run. */
  states?: Record<string, Played[]>;
  runs?: RunSummary[];
  /** Thrown by `start`. */
  startError?: ClincherError;
  holder?: RunSummary;
  /** What waits for servers. */
  waiting?: RunSummary[];
  /** What each look at one that waits shows, in turn; the last one stays. By its id. */
  turns?: Record<string, RunSummary[]>;
  /** Thrown by `queue`. */
  queueError?: ClincherError;
  worker?: WorkerSeen;
  schedules?: ScheduleSeen[];
  watches?: WatchSeen[];
  receipts?: GateReceipt[];
  input?: StartInput;
  /** What a read-only run comes to, by its name and what it was started with. */
  looks?: Record<string, (input: StartInput) => RunState>;
  /** What every look shows once an answer was accepted. */
  whenAnswered?: RunState;
}

export class FakeControl implements Control {
  readonly calls: [string, ...unknown[]][] = [];
  #started = 0;

  constructor(readonly script: Script = {}) {}

  asked(method: string): unknown[][] {
    return this.calls.filter(([name]) => name === method).map(([, ...args]) => args);
  }

  async start(runbook: string, input: StartInput, options: { readOnly: boolean }) {
    this.calls.push(['start', runbook, input, options]);
    if (this.script.startError && !options.readOnly) throw this.script.startError;
    this.#started += 1;
    const run = `${input.server.name}-${runbook === 'provision' ? '3f2a' : `00${this.#started}0`}`;
    const seen = this.script.looks?.[runbook]?.(input);
    if (seen) this.script.states = { ...this.script.states, [run]: [{ ...seen, run }] };
    return { run, workflowId: `clincher/${input.server.name}/op`, runId: `019a-${run}` };
  }

  async queue(runbook: string, input: StartInput, options: { patienceSeconds: number }) {
    this.calls.push(['queue', runbook, input, options]);
    if (this.script.queueError) throw this.script.queueError;
    return turn({ runbook, server: input.server.name });
  }

  /** Plays the waves: what each server's run comes to decides whether the next one is begun. */
  async startFleet(input: FleetInput): Promise<RunSummary> {
    this.calls.push(['startFleet', input]);
    const run = 'fleet-3f2a';
    const members: FleetMember[] = [];
    for (const [wave, inputs] of waves(input.inputs, input.wave).entries()) {
      const unwell = members.filter(({ status }) => status === 'failed').length;
      for (const one of inputs)
        members.push({
          server: one.server.name,
          wave,
          ...(unwell > input.maxFailures ? { status: 'spared' as const } : await this.#played(input, one)),
        });
    }
    const { runbook } = input;
    const whole = { ...ended, run, server: 'fleet', runbook, fleet: { runbook, members }, groups: [] };
    const isOpen = members.some(({ status }) => status === 'running');
    this.script.states = { ...this.script.states, [run]: [{ ...whole, ...(isOpen ? OPEN : {}) }] };
    return summary({ run, server: 'fleet', runbook, status: 'running', endedAt: undefined });
  }

  async #played(
    { runbook, readOnly }: FleetInput,
    input: StartInput,
  ): Promise<Omit<FleetMember, 'server' | 'wave'>> {
    const { run, workflowId, runId } = await this.start(runbook, input, { readOnly });
    this.script.runs = [...(this.script.runs ?? []), summary({ run, server: input.server.name, runbook })];
    const list = this.script.states?.[run] ?? this.script.states?.['*'] ?? [{ ...ended, run }];
    const last = list.at(-1)!;
    const status = 'status' in last ? last.status : 'failed';
    return { run, workflowId, runId, status: status === 'waiting' ? 'running' : status };
  }

  async waiting(): Promise<RunSummary[]> {
    this.calls.push(['waiting']);
    return this.script.waiting ?? [];
  }

  async state(run: string): Promise<RunState> {
    this.calls.push(['state', run]);
    const next = this.#next(run);
    if (next instanceof ClincherError) throw next;
    return next;
  }

  #next(run: string): Played {
    const list = this.script.states?.[run] ?? this.script.states?.['*'] ?? [{ ...ended, run }];
    const next = list.length > 1 ? list.shift()! : list[0]!;
    return next;
  }

  /** Only what the states have come to: a run that is still open does not end here. */
  async ended(run: string, withinMs: number): Promise<RunState | undefined> {
    this.calls.push(['ended', run, withinMs]);
    const list = this.script.states?.[run] ?? this.script.states?.['*'] ?? [{ ...ended, run }];
    const last = list.at(-1)!;
    if (list.length === 1 && !(last instanceof ClincherError) && last.endedAt) return last;
    return new Promise((resolve) => setTimeout(() => resolve(undefined), Math.min(withinMs, 20)).unref());
  }

  async input(run: string): Promise<StartInput> {
    this.calls.push(['input', run]);
    return this.script.input!;
  }

  async answer(run: string, answer: GateAnswer, updateId: string): Promise<GateReceipt> {
    this.calls.push(['answer', run, answer, updateId]);
    const receipt = this.script.receipts?.shift() ?? { gate: answer.gate, accepted: true };
    if (receipt.accepted && this.script.whenAnswered)
      this.script.states = { '*': [this.script.whenAnswered] };
    return receipt;
  }

  async signalDone(run: string, gate?: string): Promise<void> {
    this.calls.push(['signalDone', run, gate]);
  }
  async cancel(run: string): Promise<void> {
    this.calls.push(['cancel', run]);
  }
  async terminate(run: string, reason: string): Promise<void> {
    this.calls.push(['terminate', run, reason]);
  }
  async holder(server: string): Promise<RunSummary | undefined> {
    this.calls.push(['holder', server]);
    return this.script.holder;
  }
  async list(options: ListOptions): Promise<RunSummary[]> {
    this.calls.push(['list', options]);
    return (this.script.runs ?? [])
      .filter((run) => options.server === undefined || run.server === options.server)
      .filter((run) => !options.open || run.endedAt === undefined)
      .filter((run) => options.since === undefined || run.startedAt >= options.since)
      .slice(0, options.limit);
  }
  async find(run: string): Promise<RunSummary> {
    this.calls.push(['find', run]);
    const turns = this.script.turns?.[run];
    if (turns) return turns.length > 1 ? turns.shift()! : turns[0]!;
    const found = this.script.runs?.find((one) => one.run === run);
    if (!found) throw new ClincherError('RUN_NOT_FOUND', `There is no run ${run}.`);
    return found;
  }
  async tail() {
    return [];
  }
  async history() {
    return { events: 42, activities: 3, bytes: 9000 };
  }
  async syncSchedules(plans: readonly PlannedSchedule[], scope: SyncScope): Promise<ScheduleChanges> {
    this.calls.push(['syncSchedules', plans, scope]);
    return { created: plans.map(({ id }) => id), updated: [], removed: [], kept: [] };
  }
  async watches(servers: readonly string[]): Promise<WatchSeen[]> {
    this.calls.push(['watches', servers]);
    return (this.script.watches ?? []).filter(({ server }) => servers.includes(server));
  }
  async schedules(owner: string): Promise<ScheduleSeen[]> {
    this.calls.push(['schedules', owner]);
    return this.script.schedules ?? [];
  }
  async actOnSchedule(id: string, act: ScheduleAct, note: string): Promise<void> {
    this.calls.push(['actOnSchedule', id, act, note]);
  }
  async worker(): Promise<WorkerSeen> {
    return this.script.worker ?? { alive: true, identities: ['1@vm'] };
  }
  async ping() {
    return { address: '127.0.0.1:7233', namespace: 'default', server: '1.32.0' };
  }
  async close(): Promise<void> {
    this.calls.push(['close']);
  }
}

export const summary = (more: Partial<RunSummary> = {}): RunSummary => ({
  run: 'prod-3f2a',
  workflowId: 'clincher/prod/op',
  runId: '019a0000-0000-7000-8000-000000003f2a',
  server: 'prod',
  runbook: 'provision',
  status: 'done',
  who: 'ada@laptop',
  startedAt: '2026-11-22T12:00:00.000Z',
  endedAt: '2026-11-22T12:04:12.000Z',
  ...more,
});

/** One that waits for its turn. */
export const turn = (more: Partial<RunSummary> = {}): RunSummary =>
  summary({
    ...{
      run: 'prod-7c1d',
      workflowId: 'clincher/prod/queued/provision',
      status: 'waiting',
      endedAt: undefined,
    },
    ...{ runId: '019a0000-0000-7000-8000-000000007c1d', waits: { until: '2026-11-22T14:00:00.000Z' } },
    ...more,
  });
