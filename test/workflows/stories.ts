// Workflows under test: the real ones, and one small story per kind of gate.
import { sleep } from '@temporalio/workflow';
import type { PlannedSchedule, RunInput, RunState, WatchMemory } from '../../src/model.js';
import { Run } from '../../src/workflows/run.js';
import { FRESH, oneLook } from '../../src/workflows/watch.js';

export * from '../../src/workflows/index.js';

const HOUR_MS = 3_600_000;

export async function askConfirm(input: RunInput): Promise<RunState & { said?: boolean }> {
  const run = new Run(input, 'ask-confirm');
  let said: boolean | undefined;
  const state = await run.tell(async () => {
    said = await run.confirm({
      id: 'sure',
      title: 'Sure?',
      remindEveryMs: 24 * HOUR_MS,
      timeoutMs: 72 * HOUR_MS,
    });
  });
  return { ...state, ...(said === undefined ? {} : { said }) };
}

export async function askChoice(input: RunInput): Promise<string> {
  const run = new Run(input, 'ask-choice');
  let said = '';
  await run.tell(async () => {
    said = await run.choice({
      id: 'colour',
      title: 'Which?',
      options: ['red', 'blue'],
      timeoutMs: HOUR_MS,
      onTimeout: 'blue',
    });
  });
  return said;
}

export async function askManual(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'ask-manual');
  return run.tell(() =>
    run.manual('tailscale-up', { id: 'tailscale-up', title: 'Join', timeoutMs: 48 * HOUR_MS }),
  );
}

export async function askSecret(input: RunInput): Promise<RunState> {
  const run = new Run(input, 'ask-secret');
  return run.tell(async () => {
    await run.converge('base');
    await run.secret('secret://lab/telegram_bot_token', {
      id: 'token',
      title: 'Token?',
      timeoutMs: 24 * HOUR_MS,
    });
  });
}

/** So many looks of the watchdog, five minutes apart, each with what the one before has left. */
export async function looksOfWatchdog(plan: PlannedSchedule & { looks: number }): Promise<WatchMemory[]> {
  const memories: WatchMemory[] = [];
  for (let i = 0; i < plan.looks; i += 1) {
    memories.push(await oneLook(plan, memories.at(-1) ?? FRESH));
    await sleep('5m');
  }
  return memories;
}
