// What the services of a server say, as Docker keeps it: all of them, or one, and on as they go.
import { leashed } from '../commands/leash.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { projectOf } from '../stack/services.js';
import type { Deps } from './deps.js';
import { gatewayView, type OfPartition } from './gateway-of.js';
import type { Io } from './io.js';
import { LineWriter } from './line-writer.js';
import { type GlobalOptions, isJson } from './options.js';
import { leavable, reaching, serverToReach } from './reaching.js';
import { serviceNamed } from './services.js';
import { document, print } from './view/json.js';
import { parseDuration } from './view/time.js';

export interface ServerLogsOptions extends OfPartition {
  /** A server, or of the command as a whole: a run. */
  what: string;
  service?: string;
  tail?: number;
  since?: string;
  follow?: boolean;
}

const LINES = 100;

export async function serverLogs(
  io: Io,
  options: ServerLogsOptions & GlobalOptions,
  deps: Deps,
): Promise<number> {
  const { what: name, service, partition, follow } = options;
  const reached = serverToReach(io, { ...options, server: name });
  const view = gatewayView(reached.server, partition);
  const words = wordsOf(view, options);
  const noted = { act: 'logs', words: [...(service === undefined ? [] : [service])] };
  return reaching(io, deps, reached, noted, async (reach) => {
    const lines = new LineWriter((line) => io.out(shown(line.replace(WIPE, ''), service, options)));
    const code = await leavable(io, async (leave) => {
      const streams = { stdout: lines, stderr: lines, leave };
      const ended = await reach.attach(leashed(...words), streams, { root: true });
      return leave.aborted ? 130 : ended;
    });
    lines.flushLines();
    if (code === 0 || code === 130) return code;
    throw new ClincherError('FACT_UNKNOWN', `${name}: Docker tells no logs (it ended with ${code})`, {
      remedy: [`clincher top ${name}`, ...(follow ? [`clincher logs ${name}`] : [])],
    });
  });
}

function wordsOf(view: Server, { service, tail = LINES, since, follow }: ServerLogsOptions): string[] {
  const project = projectOf(view);
  return [
    ...['docker', 'compose', '--project-name', project, 'logs', '--no-color', '--timestamps'],
    ...['--tail', String(tail)],
    ...(since === undefined ? [] : ['--since', sinceOf(since)]),
    ...(follow ? ['--follow'] : []),
    ...(service === undefined ? [] : [serviceNamed(view, service).service]),
  ];
}

/** Docker's own words for it have no days. */
function sinceOf(text: string): string {
  const ms = parseDuration(text);
  if (ms === undefined) throw new ClincherError('USAGE', `"${text}" is no time; write it as 90s, 10m or 2d.`);
  return `${Math.ceil(ms / 1000)}s`;
}

/** Before each line compose wipes that of a terminal, be there one or not, and whatever --ansi says (measured, 2.26). */
const WIPE = /^\\e\[2K/;

/** Compose puts the container's name before each line. */
const PREFIX = /^(\S+?)(?:-\d+)?\s+\| (.*)$/;

function shown(line: string, service: string | undefined, options: GlobalOptions): string {
  if (!isJson(options)) return `${line}\n`;
  const [, container, text] = PREFIX.exec(line) ?? [];
  return print(document('service-log', { service: container ?? service ?? '', line: text ?? line }));
}
