// What OpenClaw remembers: its index looked at, made anew and proved; conversations that nobody goes on with taken out.
import { dueIndex, judgeMade, toldIndex } from '../checks/memory.js';
import * as conversations from '../commands/conversations.js';
import { filesOf, makeIndex, memoryNow } from '../commands/memory-index.js';
import { memorySearch } from '../commands/memory-search.js';
import { ClincherError } from '../errors.js';
import type { Action, Fact, Server, StaleConversations } from '../model.js';
import type { DrillResult, IndexInput, MemorySeen, TaskInput, TaskResult } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { type Host, Meter } from './host.js';
import { claim } from './preflight.js';
import { taskJob } from './task-job.js';

interface On {
  server: Server;
  host: Host;
}

/** A provider of embeddings that is slow, and years of memory. */
const WORK_MS = 6 * 60 * 60_000;
/** The gateway's own command line takes seconds, and minutes on a small host that is busy. */
const LOOK_MS = 6 * 60_000;

async function look<T>(on: On, fact: Fact<T>, signal: AbortSignal | undefined): Promise<T> {
  const [reading] = await on.host.read([fact.read], { timeoutMs: LOOK_MS, signal });
  return known(on, () => fact.parse(reading!));
}

/** What makes no sense is not known, which is no mistake of ours. */
function known<T>({ server }: On, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new ClincherError('FACT_UNKNOWN', `the memory of ${server.name}: ${(error as Error).message}`);
  }
}

export async function seeMemory(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<MemorySeen> {
  const meter = new Meter();
  const seen = await look({ server, host: await deps.hosts.open(server, meter) }, memoryNow, signal);
  return { told: toldIndex(seen), ...dueIndex(seen, server), remote: meter.spans };
}

export async function indexMemory(deps: Deps, input: IndexInput, beat: Beat): Promise<DrillResult> {
  const meter = new Meter();
  const { server } = input;
  const host = await deps.hosts.open(server, meter);
  const kept = filesOf(await work(deps, host, input, makeIndex(input.everything), beat));
  const seen = await look({ server, host }, memoryNow, beat.signal);
  const search = await look({ server, host }, memorySearch, beat.signal);
  const restart = kept.isRestarted ? '; the gateway was restarted, since it searched the old one' : '';
  return {
    checks: judgeMade(seen, kept, search, server),
    changes: [{ what: `the index is made anew: ${toldIndex(seen)}${restart}` }],
    remote: meter.spans,
  };
}

export async function staleConversations(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<{ stale: StaleConversations; remote: MemorySeen['remote'] }> {
  const meter = new Meter();
  const stale = await staleOn({ server, host: await deps.hosts.open(server, meter) }, signal);
  return { stale, remote: meter.spans };
}

async function staleOn(on: On, signal: AbortSignal | undefined): Promise<StaleConversations> {
  const readings = await on.host.read(conversations.staleReads, { timeoutMs: LOOK_MS, signal });
  return known(on, () => conversations.stale(readings));
}

export async function clearConversations(deps: Deps, input: TaskInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const { server } = input;
  const host = await deps.hosts.open(server, meter);
  await work(deps, host, input, conversations.clearStale, beat);
  const { found, kept } = await staleOn({ server, host }, beat.signal);
  if (found.length > 0)
    throw new ClincherError('MEMORY_FAILED', `${server.name} still has conversations that should have gone`, {
      evidence: found.slice(0, 8),
    });
  return { changes: [{ what: `they are gone; ${kept} conversations are left` }], remote: meter.spans };
}

async function work(deps: Deps, host: Host, input: TaskInput, action: Action, beat: Beat): Promise<string> {
  await claim(deps, host, input);
  const job = { actions: [action], timeoutMs: WORK_MS, otherwise: 'MEMORY_FAILED' } as const;
  return taskJob(deps, host, input, job, beat);
}
