// `clincher doctor`: checks everything on the way from here to the servers, in the order in which it is needed.
import { loadConfig } from '../../config/load.js';
import { ERRORS } from '../../errors.js';
import type { Server } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import { buildId } from '../../temporal/build-id.js';
import { nodeCheck, portCheck, runError, secretsCheck } from '../checks.js';
import type { Control } from '../control.js';
import type { Command, Deps } from '../deps.js';
import type { Io } from '../io.js';
import { look } from '../look.js';
import { type GlobalOptions, isJson } from '../options.js';
import { type ServerOptions, serversToList } from '../servers.js';
import { type Check, doctorView, ok, problem } from '../view/doctor.js';
import { isCode } from '../view/error.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';

type Options = ServerOptions & GlobalOptions;

export const doctor: Command<ServerOptions> = async (io, options, deps) => {
  const checks = await all(io, deps, options);
  const failed = checks.some((check) => check.status === 'failed');
  if (isJson(options)) io.out(print(document('doctor', { ok: !failed, checks })));
  else io.out(`${doctorView(checks, answering(io)).join('\n')}\n`);
  return failed ? 1 : 0;
};

async function all(io: Io, deps: Deps, options: Options): Promise<Check[]> {
  const checks = [nodeCheck()];
  const config = tried(() => loadConfig(options.config, io));
  if ('error' in config) return [...checks, problem('config', runError(config.error))];
  // A name that does not exist is a mistake of the command line, not something to diagnose.
  const servers = serversToList(io, config.value, options);
  const count = Object.keys(config.value.servers).length;
  checks.push(ok('config', `${config.value.path} (${count} server${count === 1 ? '' : 's'})`));
  checks.push(...(await secretsCheck(io, config.value, servers)));
  const [ports, rest] = await Promise.all([
    sideBySide(servers, portCheck),
    engine(io, deps, config.value, servers),
  ]);
  return [...checks, ...rest.engine, ...servers.flatMap((_, i) => [ports[i]!, ...(rest.hosts[i] ?? [])])];
}

async function engine(io: Io, deps: Deps, config: ReturnType<typeof loadConfig>, servers: readonly Server[]) {
  const opened = await deps.openSession(io, { config, start: false }).then(
    ({ control }) => ({ control }),
    (error: unknown) => ({ error }),
  );
  if ('error' in opened) return { engine: [problem('temporal', runError(opened.error))], hosts: [] };
  const { control } = opened;
  try {
    const found = await temporalChecks(control);
    const isFit = found.every((check) => check.status !== 'failed');
    const hosts = isFit ? await sideBySide(servers, (server) => hostChecks(io, deps, control, server)) : [];
    return { engine: found, hosts };
  } finally {
    await control.close();
  }
}

async function temporalChecks(control: Control): Promise<Check[]> {
  try {
    const info = await control.ping();
    const temporal = ok('temporal', `Temporal ${info.address} (${info.server}), namespace ${info.namespace}`);
    const seen = await control.worker();
    if (!seen.alive && info.workerBuild === undefined)
      return [
        temporal,
        problem('worker', { code: 'WORKER_NOT_RUNNING', message: 'no worker polls the task queue' }),
      ];
    const isOther = info.workerBuild !== undefined && info.workerBuild !== buildId();
    const worker: Check = isOther
      ? { id: 'worker', status: 'warning', text: 'the worker is of another build', fix: ['clincher up'] }
      : ok('worker', `worker polls${info.workerBuild ? ', same build' : ''}`);
    return [temporal, worker];
  } catch (error) {
    return [problem('temporal', runError(error))];
  }
}

const HOST_MS = 60_000;

async function hostChecks(io: Io, deps: Deps, control: Control, server: Server): Promise<Check[]> {
  try {
    const state = await look(io, deps, control, server, { name: 'doctor', options: {}, timeoutMs: HOST_MS });
    const steps = state.groups.flatMap((group) => group.steps);
    const checks = steps.map((step) => {
      const id = step.id.replace(/^doctor\./, '');
      if (step.error) return problem(id, step.error, server.name);
      const check = ok(id, step.title, server.name);
      return step.notes.length > 0 ? { ...check, status: 'warning' as const, fix: step.notes } : check;
    });
    const own = state.error && steps.length === 0 ? [problem('host', state.error, server.name)] : [];
    return [...checks, ...own, ...(await lockCheck(control, server))];
  } catch (error) {
    const known = runError(error);
    // Somebody pressed Ctrl-C: that is no finding.
    if (!isCode(known.code) || !(known.code in ERRORS) || known.code === 'INTERNAL') throw error;
    return [problem('host', known, server.name)];
  }
}

async function lockCheck(control: Control, server: Server): Promise<Check[]> {
  const holder = await control.holder(server.name);
  if (!holder) return [ok('lock', 'lock free', server.name)];
  const text = `busy: ${holder.runbook}, run ${holder.run}`;
  return [
    { id: 'lock', server: server.name, status: 'warning', text, fix: [`clincher follow ${holder.run}`] },
  ];
}

function tried<T>(work: () => T): { value: T } | { error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
