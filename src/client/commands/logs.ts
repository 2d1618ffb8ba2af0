// `clincher logs`: of a run, what its commands said, as far as the worker of this machine wrote it down; of a server, what its services say.

import { ClincherError } from '../../errors.js';
import { stateDir } from '../../temporal/paths.js';
import type { Command, Deps } from '../deps.js';
import type { Io } from '../io.js';
import { type GlobalOptions, isJson } from '../options.js';
import { page } from '../page.js';
import { type LogFile, LogReader, logFiles, logFolder } from '../run-logs.js';
import { lastFromHere, resolveRun } from '../runs.js';
import type { ServerLogsOptions } from '../server-logs.js';
import type { ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { document, print } from '../view/json.js';
import { paint } from '../view/style.js';
import { safeLines } from '../view/text.js';
import { watchEnd } from '../watch-end.js';

export interface LogsOptions extends ServerOptions {
  run: string;
  step?: string;
  follow?: boolean;
}

/** A name that clincher.yaml has is a server; anything else is a run, which also goes by its long name. */
export const logs: Command<Omit<LogsOptions, 'run'> & ServerLogsOptions> = async (io, options, deps) => {
  const isServer = isServerName(io, options);
  const given = new Map(Object.entries(options));
  const [stranger] = Object.entries(isServer ? OF_RUNS : OF_SERVERS).filter(
    ([key]) => given.get(key) !== undefined,
  );
  if (stranger !== undefined)
    throw new ClincherError(
      'USAGE',
      `${stranger[1]} is of the logs of ${isServer ? 'a run' : 'a server'}, and ${options.what} is ${isServer ? 'a server' : 'no server'}.`,
    );
  if (isServer) return (await import('../server-logs.js')).serverLogs(io, options, deps);
  return runLogs(io, { ...options, run: options.what }, deps);
};

const OF_RUNS = { step: '--step', server: '--server' };
const OF_SERVERS = { service: 'a service', partition: '--partition', tail: '--tail', since: '--since' };

const isServerName = (io: Io, { what, ...options }: { what: string } & GlobalOptions): boolean =>
  what !== '@last' && Object.hasOwn(tryConfig(io, options)?.servers ?? {}, what);

const LOOK_MS = 250;
const RUN_ID = /^[a-z][a-z0-9-]*-[0-9a-f]{4,32}$/;

const runLogs: Command<LogsOptions> = async (io, options, deps) => {
  const run = await runOf(io, options, deps);
  // It becomes part of a path.
  if (!RUN_ID.test(run)) throw new ClincherError('RUN_NOT_FOUND', `"${run.slice(0, 60)}" is not a run id.`);
  const folder = logFolder(stateDir(io.env), run);
  const reader = new LogReader();
  const texts: string[] = [];
  const show = makePrinter(io, options, options.follow ? io.out : (text) => void texts.push(text));
  const showNew = (isLast: boolean): void => {
    for (const file of logFiles(folder, options.step))
      for (let text = reader.read(file, isLast); text !== ''; text = reader.read(file, isLast))
        show(file, text);
  };
  if (options.follow) return following(io, deps, options, run, showNew);
  showNew(true);
  if (texts.length === 0) throw nothingSaid(run, options.step);
  await page(io, texts.join(''));
  return 0;
};

const nothingSaid = (run: string, step: string | undefined): ClincherError =>
  new ClincherError(
    'RUN_NOT_FOUND',
    `No command of ${run}${step ? ` in ${step}` : ''} has said anything on this machine.`,
    { remedy: [`clincher show ${run}`, 'the logs are where the worker runs'] },
  );

/** Files need no engine; only a `@last` that was not started from here does. */
async function runOf(io: Io, options: LogsOptions & GlobalOptions, deps: Deps): Promise<string> {
  if (options.run !== '@last') return options.run;
  const recent = lastFromHere(io, options);
  if (recent) return recent;
  const { control } = await deps.openSession(io, { config: tryConfig(io, options) });
  try {
    return await resolveRun(io, control, '@last', options);
  } finally {
    await control.close();
  }
}

type Printer = (file: LogFile, text: string) => void;

function makePrinter(io: Io, options: GlobalOptions, write: (text: string) => void): Printer {
  let shown: string | undefined;
  return (file, text) => {
    const lines = safeLines(text);
    if (isJson(options)) {
      for (const line of lines) write(print(document('log', { step: file.step, line })));
      return;
    }
    const title = shown === file.step ? '' : `${paint(io, 'bold', `==> ${file.step}`)}\n`;
    shown = file.step;
    write(`${title}${lines.join('\n')}\n`);
  };
}

async function following(
  io: Io,
  deps: Deps,
  options: LogsOptions & GlobalOptions,
  run: string,
  showNew: (isLast: boolean) => void,
): Promise<number> {
  const { control } = await deps.openSession(io, { config: tryConfig(io, options) });
  let isLeft = false;
  let hasEnded = false;
  const stop = io.onInterrupt(() => {
    isLeft = true;
  });
  const watch = watchEnd(control, run);
  const ended = watch.ended.then(() => {
    hasEnded = true;
  });
  try {
    while (!isLeft) {
      const isLast = hasEnded;
      showNew(isLast);
      if (isLast) return 0;
      await Promise.race([ended, deps.sleep(LOOK_MS)]);
    }
    return 130;
  } finally {
    watch.stop();
    stop();
    await control.close();
  }
}
