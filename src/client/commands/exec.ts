// `clincher exec`: one command on a server, or in one of its containers; its exit status is that of the command.
import { leashed } from '../../commands/leash.js';
import { ClincherError } from '../../errors.js';
import type { Server } from '../../model.js';
import type { Command } from '../deps.js';
import { gatewayView, type OfPartition } from '../gateway-of.js';
import type { Io } from '../io.js';
import { type GlobalOptions, isJson } from '../options.js';
import type { Reach } from '../reach.js';
import { leavable, type ReachOptions, reaching, serverToReach } from '../reaching.js';
import { serviceNamed } from '../services.js';
import { document, print } from '../view/json.js';
import { seated } from './ssh.js';

export interface ExecOptions extends ReachOptions, OfPartition {
  command: string[];
  /** Of the stack: the command runs in its container. */
  in?: string;
  sudo?: boolean;
  stdin?: boolean;
  tty?: boolean;
}

export const exec: Command<ExecOptions> = async (io, options, deps) => {
  checkTerminal(io, options);
  const reached = serverToReach(io, options);
  const { name } = reached.server;
  const words = wordsOf(reached.server, options);
  const root = Boolean(options.sudo) || options.in !== undefined;
  return reaching(io, deps, reached, { act: 'exec', words }, async (reach) => {
    if (isJson(options)) return kept(io, reach, name, words, root);
    if (options.tty) return atTerminal(io, reach, words, root);
    if (options.stdin)
      return reach.attach(
        words,
        { stdin: io.stdin, stdout: io.outStream, stderr: io.promptStream },
        { root },
      );
    return alone(io, reach, words, root);
  });
};

function checkTerminal(io: Io, options: ExecOptions & GlobalOptions): void {
  if (options.tty && (io.terminal === undefined || isJson(options)))
    throw new ClincherError('USAGE', '--tty needs a terminal, and there is none here.', {
      remedy: ['leave --tty out'],
    });
  if (options.partition !== undefined && options.in === undefined)
    throw new ClincherError('USAGE', '--partition says in whose container: it needs --in <service>.');
}

function wordsOf(server: Server, { command, in: service, partition, stdin, tty }: ExecOptions): string[] {
  if (service === undefined) return command;
  const { container } = serviceNamed(gatewayView(server, partition), service);
  const flags = [...(stdin || tty ? ['-i'] : []), ...(tty ? ['-t'] : [])];
  return ['docker', 'exec', ...flags, container, ...command];
}

const atTerminal = (io: Io, reach: Reach, words: string[], root: boolean): Promise<number> =>
  seated(io.terminal!, () =>
    reach.attach(
      words,
      { stdin: io.stdin, stdout: io.outStream, stderr: io.promptStream, terminal: io.terminal },
      { root },
    ),
  );

/** Without its input: a loop over servers that reads their names from stdin loses none of them. */
const alone = (io: Io, reach: Reach, words: string[], root: boolean): Promise<number> =>
  leavable(io, async (leave) => {
    const streams = { stdout: io.outStream, stderr: io.promptStream, leave };
    const code = await reach.attach(leashed(...words), streams, { root });
    return leave.aborted ? 130 : code;
  });

async function kept(io: Io, reach: Reach, server: string, words: string[], root: boolean): Promise<number> {
  const [{ Capture }, began] = [await import('../capture.js'), Date.now()];
  const [stdout, stderr] = [new Capture(), new Capture()];
  const code = await leavable(io, (leave) =>
    reach.attach(leashed(...words), { stdout, stderr, leave }, { root }),
  );
  const said = { stdout: stdout.text(), stderr: stderr.text(), isWhole: stdout.isWhole && stderr.isWhole };
  io.out(
    print(document('exec', { server, command: words, exitCode: code, ...said, ms: Date.now() - began })),
  );
  return code;
}
