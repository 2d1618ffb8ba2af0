// A runbook on several servers: the first alone, the rest in waves, and none any more once too many have failed. Lives without whoever asked for it.
import {
  CancellationScope,
  isCancellation,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { FleetInput, FleetMember, MemberEnd, RunInput, RunState, StepState, Turn } from '../model.js';
import { FLEET } from './catalog.js';
import { memberId, progressQuery, speakable } from './messages.js';
import { iso, newState, recount, runError } from './state.js';
import { waves } from './waves.js';

/** What one answer to Temporal may carry: each beginning has a server's whole configuration with it. */
const BEGUN_AT_ONCE = 20;

interface Part {
  input: RunInput;
  member: FleetMember;
}

export async function fleet(input: FleetInput): Promise<RunState> {
  const parts = waves(input.inputs, input.wave).map((wave, i) => wave.map((one) => partOf(one, i)));
  const state = begin(input, parts.flat());
  setHandler(progressQuery, () => shown(state));
  try {
    for (const wave of parts) {
      await ran(input, wave);
      if (parts.flat().filter(isUnwell).length > input.maxFailures) break;
    }
  } finally {
    end(state, parts.flat());
  }
  return shown(state);
}

const partOf = (input: RunInput, wave: number): Part => ({
  input,
  member: { server: input.server.name, wave, status: 'pending' },
});

function begin({ runbook, who }: FleetInput, parts: readonly Part[]): RunState {
  const id = speakable(FLEET, workflowInfo().firstExecutionRunId);
  const state = newState({ server: { name: FLEET, address: '' }, who }, id, runbook, Date.now());
  return { ...state, fleet: { runbook, members: parts.map(({ member }) => member) } };
}

/** None is cut short because another fails: a wave is seen to its end. */
async function ran(input: FleetInput, wave: readonly Part[]): Promise<void> {
  const running: Promise<void>[] = [];
  for (const [i, part] of wave.entries()) {
    running.push(ranOn(input, part));
    if ((i + 1) % BEGUN_AT_ONCE === 0) await sleep(1);
  }
  await Promise.all(running);
  // Whoever gives it up has each member wait no longer; nothing more is begun.
  if (CancellationScope.current().consideredCancelled) await CancellationScope.current().cancelRequested;
}

async function ranOn(fleet: FleetInput, { input, member }: Part): Promise<void> {
  try {
    const handle = await startMember(fleet, input);
    const { workflowId, firstExecutionRunId: runId } = handle;
    Object.assign(member, {
      ...{ status: 'running', workflowId, runId },
      run: speakable(member.server, runId),
    });
    const { isWell, outcome: _, ...ended } = (await handle.result()) as MemberEnd;
    Object.assign(member, ended, isWell || ended.status !== 'done' ? {} : { status: 'failed' });
  } catch (error) {
    if (isCancellation(error)) Object.assign(member, { status: 'spared' });
    else Object.assign(member, { status: 'failed', error: runError(error) });
  }
}

const startMember = ({ runbook, readOnly, patienceSeconds, who }: FleetInput, input: RunInput) => {
  const { name: server } = input.server;
  const turn: Turn = { server, runbook, patienceSeconds, readOnly, input };
  const startedAt = iso(Date.now());
  return startChild('member', {
    workflowId: memberId(server, workflowInfo().runId.slice(-8)),
    args: [turn],
    memo: { server, runbook, who, startedAt, patienceSeconds },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    // It begins nothing more then, and leaves a run that has begun to itself.
    parentClosePolicy: 'REQUEST_CANCEL',
    staticSummary: `${runbook} · ${server}, of ${speakable(FLEET, workflowInfo().runId)}`,
  });
};

const isUnwell = ({ member: { status } }: Part): boolean => status === 'failed' || status === 'aborted';

/** What was not begun is named. */
function end(state: RunState, parts: readonly Part[]): void {
  for (const { member } of parts) if (member.status === 'pending') member.status = 'spared';
  const first = parts.find(isUnwell)?.member;
  const isGivenUp = CancellationScope.current().consideredCancelled;
  state.status = isGivenUp ? 'aborted' : first ? 'failed' : 'done';
  state.endedAt = iso(Date.now());
  if (isGivenUp) state.error = { code: 'ABORTED', message: 'the rest was given up; what had begun goes on' };
  else if (first) state.error = whyFailed(first, parts);
}

function whyFailed(first: FleetMember, parts: readonly Part[]): RunState['error'] {
  const unwell = parts.filter(isUnwell).map(({ member }) => member.server);
  return {
    code: first.error?.code ?? 'STEP_FAILED',
    message: `${unwell.length} of ${parts.length} servers: ${unwell.join(', ')}`,
    evidence: parts
      .flatMap(({ member: { server, error } }) => (error ? [`${server}: ${error.message}`] : []))
      .slice(0, 8),
    remedy: first.run ? [`clincher show ${first.run}`] : [`clincher lock status -s ${first.server}`],
  };
}

/** A wave is a group, a server a step: whatever shows a run can show it. */
function shown(state: RunState): RunState {
  const members = state.fleet?.members ?? [];
  const count = Math.max(-1, ...members.map(({ wave }) => wave)) + 1;
  state.groups = Array.from({ length: count }, (_, wave) => ({
    name: wave === 0 ? 'canary' : `wave ${wave}`,
    steps: members.filter((one) => one.wave === wave).map(step),
  }));
  recount(state);
  return state;
}

const STEP: Readonly<Record<FleetMember['status'], StepState['status']>> = {
  ...{ pending: 'pending', running: 'running', done: 'ok' },
  ...{ failed: 'failed', aborted: 'failed', spared: 'skipped' },
};

const step = ({ server, status, run, error }: FleetMember): StepState => ({
  id: server,
  title: run ? `${server}, run ${run}` : server,
  status: error?.code === 'UNREACHABLE' ? 'unreachable' : STEP[status],
  changes: [],
  notes: status === 'spared' ? ['not begun'] : [],
  ...(error ? { error } : {}),
});
