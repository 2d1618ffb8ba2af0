// All that the command line needs from the engine. Two ways to it: Temporal itself, or the worker's socket, which is faster.
import type {
  AuditQuestion,
  AuditStatement,
  FleetInput,
  KeySwap,
  Move,
  PairingDecision,
  PartitionState,
  PlannedSchedule,
  RunInput,
  RunState,
  RunStatus,
  ScheduleAct,
  ScheduleChanges,
  ScheduleSeen,
  Server,
  SyncScope,
  WatchSeen,
} from '../model.js';
import type { GateAnswer, GateReceipt } from '../workflows/messages.js';

export interface StartedRun {
  /** Speakable: `prod-3f2a`. */
  run: string;
  workflowId: string;
  runId: string;
  /** It has not begun: it waits until nobody works on the server, at the longest until then (ISO 8601), where that is known. */
  waits?: { until?: string | undefined } | undefined;
}

export interface RunSummary extends StartedRun {
  server: string;
  runbook: string;
  /** As the server of Temporal sees it: without a worker nobody knows more. */
  status: RunStatus;
  who: string;
  startedAt: string;
  endedAt?: string | undefined;
}

/** Four digits are enough to speak of a run, not to tell hundreds apart. */
export const exactly = ({ server, runId }: Pick<RunSummary, 'server' | 'runId'>): string =>
  `${server}-${runId.replaceAll('-', '')}`;

export interface ListOptions {
  server?: string | undefined;
  /** Only runs that have not ended. */
  open?: boolean | undefined;
  /** Only runs that were started then or later, ISO 8601. */
  since?: string | undefined;
  limit: number;
}

/** Last lines of an activity that runs now. */
export interface LiveTail {
  step: string;
  lines: string[];
}

export interface HistoryCounts {
  events: number;
  activities: number;
  bytes: number;
}

export interface ControlInfo {
  address: string;
  namespace: string;
  /** Version of the Temporal server. */
  server: string;
  /** Build of the worker that answers; absent when Temporal itself does. */
  workerBuild?: string | undefined;
}

export interface WorkerSeen {
  alive: boolean;
  identities: string[];
  /** A worker process of this machine's own control plane lives; on a busy machine it loads for a while before it asks for work. */
  isComing?: boolean;
}

/** What `plan`, `verify` and `pairing` are started with besides the usual. */
export type StartInput = RunInput & {
  checklists?: string[];
  /** Of a run of a partition: which, and whether nobody had asked for it before. */
  partition?: string;
  act?: PartitionState['act'];
  isNew?: boolean;
  written?: PartitionState['written'];
  prove?: { outside?: Server | undefined };
  decision?: PairingDecision;
  backup?: string;
  anyway?: boolean;
  /** Of a failover: the server as it was, and who looks at it. */
  old?: Server;
  vantages?: Server[];
  /** Of a move to another control plane: all that goes there. */
  move?: Move;
  secret?: string;
  keys?: KeySwap;
  question?: AuditQuestion;
  sign?: AuditStatement;
};

export interface Control {
  /** Throws LOCKED, naming the holder, when another operation runs on the server. */
  start(runbook: string, input: StartInput, options: { readOnly: boolean }): Promise<StartedRun>;
  /**
   * Waits, durably, until nobody works on the server, then begins the run; after `patienceSeconds` it ends as LOCKED.
   * Throws LOCKED when this runbook waits for the server already.
   */
  queue(runbook: string, input: StartInput, options: { patienceSeconds: number }): Promise<RunSummary>;
  /** The first alone, the others in waves: the run of each server is an ordinary one, begun by it. */
  startFleet(input: FleetInput): Promise<RunSummary>;
  /** What waits for a server, by hand or by its schedule; who waits longest comes first. */
  waiting(): Promise<RunSummary[]>;
  /** The whole state. Throws WORKER_NOT_RUNNING when the run is open and no worker answers within 5 s. */
  state(run: string): Promise<RunState>;
  /** The final state as soon as the run ends; nothing when it has not ended after so long. */
  ended(run: string, withinMs: number): Promise<RunState | undefined>;
  /** What the run was started with. */
  input(run: string): Promise<StartInput>;
  answer(run: string, answer: GateAnswer, updateId: string): Promise<GateReceipt>;
  signalDone(run: string, gate?: string): Promise<void>;
  /** Asks the run to end; what was begun is finished or rolled back. */
  cancel(run: string): Promise<void>;
  /** Ends the run at once, without any clean-up. */
  terminate(run: string, reason: string): Promise<void>;
  /** The operation that holds the server's lock. */
  holder(server: string): Promise<RunSummary | undefined>;
  /** Newest first. */
  list(options: ListOptions): Promise<RunSummary[]>;
  /** By the id of one that waited: the run that it became, once it has begun. */
  find(run: string): Promise<RunSummary>;
  tail(run: string): Promise<LiveTail[]>;
  history(run: string): Promise<HistoryCounts>;
  /** Makes and changes what is planned, and takes away what no configuration asks for any more. A pause stays. */
  syncSchedules(plans: readonly PlannedSchedule[], scope: SyncScope): Promise<ScheduleChanges>;
  schedules(owner: string): Promise<ScheduleSeen[]>;
  /** What the watchdog saw of each of them when it last looked. */
  watches(servers: readonly string[]): Promise<WatchSeen[]>;
  actOnSchedule(id: string, act: ScheduleAct, note: string): Promise<void>;
  worker(): Promise<WorkerSeen>;
  ping(): Promise<ControlInfo>;
  close(): Promise<void>;
}

/** What the socket carries: every method that is a question with an answer. */
export type ControlMethod = Exclude<keyof Control, 'close'>;

export const CONTROL_METHODS: readonly ControlMethod[] = [
  'start',
  'queue',
  'startFleet',
  'waiting',
  'state',
  'ended',
  'input',
  'answer',
  'signalDone',
  'cancel',
  'terminate',
  'holder',
  'list',
  'find',
  'tail',
  'history',
  'syncSchedules',
  'schedules',
  'watches',
  'actOnSchedule',
  'worker',
  'ping',
];
