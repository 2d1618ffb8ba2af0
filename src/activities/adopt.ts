// A second control plane takes a server over: on the host, under its lock, so that of two who try exactly one does.
import * as command from '../commands/owner.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { adopted } from './adopted.js';
import type { AdoptInput, OwnerSeen, TaskResult } from './api.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';
import { render, whole } from './script.js';

export async function seeOwner(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<OwnerSeen> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const [reading] = await host.read([command.owner.read], { signal });
  const owner = command.owner.parse(reading!);
  return { owner, isOurs: owner?.plane === deps.plane, remote: meter.spans };
}

/** Twice is once: what is ours already stays as it is. */
export async function adopt(
  deps: Deps,
  { server, seen, run, who, takeOver }: AdoptInput,
): Promise<TaskResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const since = new Date(deps.now()).toISOString();
  const next = { plane: deps.plane, who, since, reason: takeOver ?? '', from: seen?.plane ?? '' };
  const action = command.adopt(seen, next, `${since} ${run} ${who} adopt`);
  const { stdout } = await host.script(whole(render(action.command)));
  const said = command.answered(stdout);
  if (said.is === 'lost') throw adopted(server, said.owner);
  if (said.is === 'reason') throw wantsReason(server, said.why);
  return { changes: [{ what: `${server.name} is this control plane’s` }], remote: meter.spans };
}

function wantsReason({ name }: Server, why: string): ClincherError {
  const [kind = ''] = why.split(' ');
  const what: Record<string, string> = {
    mark: 'a run of another control plane has marked it, and may not have ended',
    owner: 'another control plane has adopted it, and may be alive',
    job: 'work that another control plane began there has not ended',
  };
  return new ClincherError('FOREIGN_LOCK', `${name}: ${what[kind] ?? 'somebody may be at work'}`, {
    evidence: [why.slice(kind.length + 1, 400)],
    remedy: [`make sure of it, then: clincher adopt -s ${name} --reason "why"`],
  });
}
