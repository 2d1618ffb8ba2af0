// The time-skipping server, a worker with fake activities, and a run to talk to. No host, no vault.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ApplicationFailure, heartbeat, sleep } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll } from 'vitest';
import type { Activities, ConvergeInput } from '../../src/activities/api.js';
import type { PairingNow, RunInput, RunState, Server, StepPlan, Survey } from '../../src/model.js';
import { ensureTestServer } from '../../src/temporal/test-server.js';
import { runSinks } from '../../src/worker-traces.js';
import {
  answerUpdate,
  type GateAnswer,
  type GateReceipt,
  operationId,
  progressQuery,
} from '../../src/workflows/messages.js';
import { fixtureServer } from '../fixture-server.js';

/** Of the host alone; `stackInput` goes on to the stack. */
export function input(overrides: Partial<RunInput> = {}): RunInput {
  const start = stackInput(overrides);
  start.server.stack.enabled = false;
  return start;
}

export const stackInput = (overrides: Partial<RunInput> = {}): RunInput => ({
  server: fixtureServer(),
  who: 'ada@desk',
  onFailure: 'ask',
  ...overrides,
});

export function plan(id: string, status: StepPlan['status'] = 'ok', after: string[] = []): StepPlan {
  return {
    id,
    title: `Title of ${id}`,
    why: '',
    status,
    changes: [],
    notes: [],
    assumed: [],
    guarded: false,
    after,
  };
}

export const survey = (checklist: string, steps: StepPlan[], missingSecrets: string[] = []): Survey => ({
  checklist,
  steps,
  host: {
    os: { id: 'debian', version: '13', codename: 'trixie' },
    arch: 'amd64',
    via: { user: 'root', port: 22 },
  },
  remoteMs: 10,
  remote: [],
  roundTrips: 1,
  sealTo: 'age1worker',
  missingSecrets,
});

export const nobodyWaits: PairingNow = { requests: [], pairedDevices: [], unknown: [] };

const BOOT = { bootId: 'before', nowMs: 0, kernel: '6.1.0-31-amd64', installed: [] };

export interface Fakes {
  activities: Activities;
  /** Every call in order: name and what tells calls apart. */
  calls: string[];
}

/** Activities that record their calls and succeed; a test replaces those that matter to it. */
export function fakes(overrides: Partial<Activities> = {}): Fakes {
  const calls: string[] = [];
  const activities: Activities = {
    survey: async ({ checklist }) => survey(checklist, []),
    converge: async () => ({
      outcome: 'changed',
      changes: [{ what: 'x' }],
      notes: [],
      remote: [],
      tail: [],
    }),
    preflight: async () => ({ remote: [] }),
    release: async () => {},
    storeSecret: async () => ({ stored: true, fingerprint: 'sha256:ab12' }),
    probe: async () => ({ done: false }),
    watch: forever,
    examine: async () => [],
    prove: async () => ({ checks: [], outside: 'here', remoteMs: 0, remote: [], roundTrips: 0 }),
    remind: async () => {},
    tell: async () => ({ by: 'ntfy', missed: [] }),
    tryChannels: async () => [],
    discover: async () => ({ discovered: { found: [], unknown: [] }, remote: [] }),
    pairing: async () => ({ now: nobodyWaits, remote: [] }),
    decidePairing: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    beginRotation: async () => {},
    endRotation: async () => {},
    proveRotation: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    lookAtEgress: async () => ({ differs: false, domains: [], extras: [], said: {}, remote: [] }),
    tryEgress: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    proveEgress: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    findNew: async () => ({ isThere: false }),
    takeNew: async () => {},
    endGiven: async () => {},
    tryLogin: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    proveGiven: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    listBackups: async () => ({ backups: [], remote: [] }),
    listCopies: async () => ({ backups: [], offsite: { where: '', copies: [] }, remote: [] }),
    makeBackup: async () => ({ backup: { id: '20261127T030000Z' }, changes: [{ what: 'x' }], remote: [] }),
    checkBackup: async () => ({ backup: { id: '20261127T030000Z' }, changes: [{ what: 'x' }], remote: [] }),
    fetchBackup: async ({ id }) => ({ backup: { id }, changes: [{ what: 'x' }], remote: [] }),
    occupyStandby: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    askRecovered: async () => ({ checks: [], version: '2026.9.6', remote: [] }),
    vacateStandby: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    noteRecovery: async ({ record }) => ({ checks: [], drills: [record], remote: [] }),
    recoverState: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    sight: async () => [],
    canReach: async () => true,
    fenceHost: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    unfenceHost: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    fenceByCommand: async () => {},
    // At once: who waits outlives the run, and would hold the clock of the tests that follow.
    fenceWhenBack: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    isTokenRefused: async () => ({ isRefused: true, sealTo: 'age1worker' }),
    pullCopies: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    retireState: async () => ({ changes: [], remote: [] }),
    rewrapBackup: async ({ id = '' }) => ({ backup: { id }, changes: [{ what: 'x' }], remote: [] }),
    copyOffsite: async () => ({ checks: [], backups: [], changes: [{ what: 'x' }], remote: [] }),
    drillBackup: async () => ({ checks: [], changes: [{ what: 'x' }], remote: [] }),
    planSwap: async () => Promise.reject(new Error('no upgrade was expected')),
    restoreTrial: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    tryImage: async () => ({ checks: [], changes: [{ what: 'x' }], remote: [], bootMs: 9_000 }),
    endTrial: async () => {},
    holdState: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    restoreState: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    settleSwap: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    standingOf: async () => ({
      standing: { state: 'running', health: 'healthy', restarts: 0, startedAt: 'then', imageId: 'sha256:2' },
      downtime: { gaps: [{ fromMs: 1_000, toMs: 9_000 }], whole: true },
      remote: [],
    }),
    endProbe: async () => {},
    scanImages: async () => ({ checks: [], outside: '', remoteMs: 0, remote: [], roundTrips: 0 }),
    acceptedDrift: async () => ({ accepted: [], remote: [] }),
    acceptDrift: async () => {},
    seeOwner: async () => ({ owner: null, isOurs: false, remote: [] }),
    adopt: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    seeControl: async () => ({ plane: 'there', owned: [], remote: [] }),
    pauseSchedules: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    carryOver: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    proveControl: async () => ({ checks: [], remote: [] }),
    adoptThere: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    resumeSchedules: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    freeSpace: async () => ({ bytes: 4_000_000_000, remote: [] }),
    seeBoot: async () => ({ boot: BOOT, reasons: ['a newer kernel'], remote: [] }),
    drainHost: async () => ({ changes: [{ what: 'x' }], remote: [], fromMs: 1_000 }),
    rebootHost: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    settleReboot: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    seeMemory: async () => ({
      told: '3 files',
      why: ['1 file not in the index'],
      everything: false,
      remote: [],
    }),
    indexMemory: async () => ({ checks: [], changes: [{ what: 'x' }], remote: [] }),
    staleConversations: async () => ({ stale: { found: [], kept: 2 }, remote: [] }),
    clearConversations: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    readAudit: async () => ({ page: { lines: [], more: false }, remote: [] }),
    signAudit: async () => ({ publicKey: 'AAAA' }),
    smoke: async () => ({ checks: [], outside: '', remoteMs: 0, remote: [], roundTrips: 0 }),
    attacks: async () => ({ trials: [], spentUsd: 0 }),
    attack: async () => Promise.reject(new Error('no attack was expected')),
    spent: async () => 'nothing',
    ensureSecrets: async () => ({ created: [] }),
    reviewPins: async () => [],
    recordVetting: async () => {},
    watchServer: async () => ({ symptoms: [], judged: [], checks: [], restarts: {}, remote: [] }),
    diagnose: async () => ({ causes: [], checks: [], outside: 'here', remote: [] }),
    pingOut: async () => {},
    seeUnwell: async () => ({ unwell: [], remote: [] }),
    sizeOf: async () => ({ machine: { memory: 8 * 2 ** 30, cpus: 4 }, remote: [] }),
    ownBot: async () => {},
    removePartition: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    startChannel: async () => ({ changes: [{ what: 'x' }], remote: [] }),
    healService: async () => ({ healed: true, changes: [{ what: 'x' }], remote: [] }),
    ...overrides,
  };
  const recorded = Object.entries(activities).map(([name, run]) => [
    name,
    (argument: Record<string, unknown>) => {
      calls.push(
        [
          name,
          ...['checklist', 'step', 'probe', 'gate'].flatMap((key) => argument[key] ?? []),
          ...partitionOf(argument as { server?: Server }),
        ].join(' '),
      );
      return (run as (argument: unknown) => unknown)(argument);
    },
  ]);
  return { activities: Object.fromEntries(recorded) as Activities, calls };
}

const partitionOf = ({ server }: { server?: Server }): string[] =>
  server?.stack.partition === undefined ? [] : [`@${server.stack.partition}`];

/** Ends only when it is cancelled, as a watch of the real world does. */
export async function forever(): Promise<never> {
  for (;;) {
    heartbeat();
    await sleep(200);
  }
}

export const failing = (type: string, nonRetryable = true): ApplicationFailure =>
  ApplicationFailure.create({
    type,
    message: `${type} happened`,
    nonRetryable,
    details: [{ evidence: ['last line'], remedy: ['try this'] }],
  });

export const generationOf = ({ key }: ConvergeInput): number => Number(key.split('.').at(-1));

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];
const isTimer = (event: HistoryEvent): boolean => Boolean(event.timerStartedEventAttributes);

export class Story {
  constructor(
    private readonly env: TestWorkflowEnvironment,
    readonly handle: WorkflowHandle,
  ) {}

  state(): Promise<RunState> {
    return this.handle.query(progressQuery);
  }

  answer(gate: string, value: string, more: Partial<GateAnswer> = {}): Promise<GateReceipt> {
    return this.handle.executeUpdate(answerUpdate, { args: [{ gate, value, who: 'ada', ...more }] });
  }

  /** Polls in real time, since skipping would run past the gate's deadline. */
  async waiting(gate: string): Promise<RunState> {
    for (let i = 0; i < 200; i += 1) {
      const state = await this.state();
      if (state.gates.some(({ id }) => id === gate)) return state;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`gate ${gate} never opened`);
  }

  /** Until it has found its server busy, and sleeps over it. */
  async waits(): Promise<void> {
    for (let i = 0; i < 200; i += 1) {
      const { events } = await this.handle.fetchHistory();
      if (events?.some(isTimer)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('it never found its server busy');
  }

  pass(time: string): Promise<void> {
    return this.env.sleep(time);
  }

  /** What outlives the run ends as well, if it was begun: left without a worker it would hold the clock of the tests that follow. */
  async outlived(id: string): Promise<void> {
    await this.env.client.workflow
      .getHandle(id)
      .result()
      .catch(() => {});
  }
}

export interface Stage {
  /** A worker for as long as `act` takes. */
  work<T>(taskQueue: string, fakes: Fakes, act: () => Promise<T>): Promise<T>;
  tell<T>(workflow: string, fakes: Fakes, act: (story: Story) => Promise<T>, start?: RunInput): Promise<T>;
  /** Somebody works on `lab` meanwhile, until the handle that is given ends. */
  busy<T>(act: (holder: WorkflowHandle) => Promise<T>): Promise<T>;
  env(): TestWorkflowEnvironment;
}

/** One server and one bundle a test file. */
export function useStage(): Stage {
  let env: TestWorkflowEnvironment;
  let bundle: WorkflowBundle;
  beforeAll(async () => {
    // The Java server says so each time: it lacks a capability that no test here needs.
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
    });
    const path = await ensureTestServer(() => {});
    env = await timeSkipping(path);
    await env.connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: { ClincherStatus: 2, ClincherServer: 2, ClincherRunbook: 2 },
    });
    const workflowsPath = fileURLToPath(new URL('./stories.ts', import.meta.url));
    bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  });
  afterAll(async () => env?.teardown());
  const work: Stage['work'] = async (taskQueue, { activities }, act) => {
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: bundle,
      activities,
      sinks: runSinks(undefined),
      maxHeartbeatThrottleInterval: 200,
    });
    return worker.runUntil(act);
  };
  return {
    env: () => env,
    work,
    busy(act) {
      const taskQueue = `busy-${randomUUID()}`;
      return work(taskQueue, fakes(), async () => {
        const held = { taskQueue, workflowId: operationId('lab'), args: [input()] };
        return act(await env.client.workflow.start('askConfirm', held));
      });
    },
    tell(workflow, fakes, act, start = input()) {
      const taskQueue = `test-${randomUUID()}`;
      return work(taskQueue, fakes, async () => {
        const handle = await env.client.workflow.start(workflow, {
          taskQueue,
          workflowId: `t/${randomUUID()}`,
          args: [start],
        });
        return act(new Story(env, handle));
      });
    },
  };
}

/** The SDK gives the Java server five seconds to come up, which a busy machine does not always do. */
async function timeSkipping(path: string, tries = 4): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
  } catch (error) {
    if (tries <= 1) throw error;
    return timeSkipping(path, tries - 1);
  }
}
