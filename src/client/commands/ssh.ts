// `clincher ssh`: a shell on a server, by the keys of clincher.yaml and to its pinned host key alone.
import { ClincherError } from '../../errors.js';
import type { Command } from '../deps.js';
import type { Io } from '../io.js';
import { isJson } from '../options.js';
import type { OwnTerminal } from '../own-terminal.js';
import { type ReachOptions, reaching, serverToReach } from '../reaching.js';

export const ssh: Command<ReachOptions> = async (io, options, deps) => {
  const reached = serverToReach(io, options);
  const { name } = reached.server;
  const terminal = terminalOf(io, name, isJson(options));
  return reaching(io, deps, reached, { act: 'ssh' }, (reach) =>
    seated(terminal, () =>
      reach.attach(undefined, {
        ...{ stdin: io.stdin, stdout: io.outStream, stderr: io.promptStream, terminal },
      }),
    ),
  );
};

function terminalOf({ terminal }: Io, name: string, json: boolean): OwnTerminal {
  if (terminal !== undefined && !json) return terminal;
  throw new ClincherError('USAGE', 'A shell needs a terminal, and there is none here.', {
    remedy: [`clincher exec ${name} -- uptime`],
  });
}

/** Whatever happens, the terminal is the person's again. */
export async function seated<T>(terminal: OwnTerminal, work: () => Promise<T>): Promise<T> {
  const stand = terminal.raw();
  try {
    return await work();
  } finally {
    stand();
  }
}
