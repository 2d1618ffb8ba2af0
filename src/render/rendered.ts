// Every file that clincher would put on a server, from the steps themselves: each is planned against a bare host. Pure.
import { evaluate, factsOf } from '../activities/evaluate.js';
import { placed } from '../activities/secret-tokens.js';
import type { AnyStep, Change, HostFile, Server } from '../model.js';
import { views } from '../stack/partitions.js';
import { CHECKLISTS, STEPS } from '../steps/index.js';
import { bareHost, bareReading, type SystemName } from './bare-host.js';

export interface RenderedFile extends HostFile {
  /** Which step writes it. */
  step: string;
}

export interface Rendered {
  server: Server;
  system: SystemName;
  /** Sorted by path. */
  files: RenderedFile[];
  /** Steps that cannot be planned, and why: what they would write is not among the files. */
  unplanned: { step: string; reason: string }[];
}

export function rendered(server: Server, system: SystemName): Rendered {
  const plans = planned(server, system);
  const files = plans.flatMap(({ step, changes }) =>
    changes.flatMap(({ file }) => (file ? [{ ...withReferences(file), step }] : [])),
  );
  // As on a host: whoever writes a file last has made it.
  const last = new Map(files.map((file) => [file.path, file]));
  return {
    server,
    system,
    files: [...last.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    unplanned: plans.flatMap(({ step, reason }) => (reason === undefined ? [] : [{ step, reason }])),
  };
}

export interface Planned {
  step: string;
  changes: Change[];
  reason?: string | undefined;
}

/** What every gateway has; the rest is of the host. */
const OF_A_GATEWAY = CHECKLISTS.filter(({ id }) =>
  ['stack', 'harden.openclaw', 'services'].includes(id),
).flatMap(({ steps }) => steps);

/** In the order of a run: of the server, then of each partition. */
export const planned = (server: Server, system: SystemName): Planned[] =>
  views(server).flatMap((view) =>
    plansOf(view.stack.partition === undefined ? STEPS : OF_A_GATEWAY, view, system),
  );

function plansOf(steps: readonly AnyStep[], server: Server, system: SystemName): Planned[] {
  const host = bareHost(system, server.ssh.first_contact);
  return steps.map((step) => {
    const readings = Object.values(factsOf(step, server)).map((fact) => bareReading(fact, system));
    const { status, changes, reason } = evaluate(step, server, host, readings);
    return { step: step.id, changes, ...(status === 'unknown' ? { reason } : {}) };
  });
}

/** A secret is written as its value would be, quotes and all; but what stands there is its name: «secret://prod/key». */
const withReferences = ({ format, ...file }: HostFile): HostFile =>
  format === undefined ? file : { ...file, content: placed(file.content, format, (ref) => `«${ref}»`) };
