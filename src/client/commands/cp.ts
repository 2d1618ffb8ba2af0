// `clincher cp`: a file or a folder from a server or to it; one end is `<server>:<path>`.
import { resolve } from 'node:path';
import { loadConfig } from '../../config/load.js';
import { ClincherError } from '../../errors.js';
import type { Copied, Copy } from '../copy.js';
import type { Command } from '../deps.js';
import type { Io } from '../io.js';
import { type GlobalOptions, isJson } from '../options.js';
import { leavable, reaching, serverToReach } from '../reaching.js';
import { document, print } from '../view/json.js';
import { bytes } from '../view/text.js';
import { duration } from '../view/time.js';

export interface CpOptions {
  from: string;
  to: string;
  sudo?: boolean;
}

interface There {
  server: string;
  path: string;
}

export const cp: Command<CpOptions> = async (io, options, deps) => {
  const { from, to, sudo } = options;
  const [source, target] = [there(io, options, from), there(io, options, to)];
  const far = source ?? target;
  if (far === undefined || (source && target))
    throw new ClincherError('USAGE', 'One end is here, the other <server>:<path>.', {
      remedy: ['clincher cp prod:/etc/hosts .', 'a name here that has a colon: ./a:b'],
    });
  const reached = serverToReach(io, { ...options, server: far.server });
  const { download, upload } = await import('../copy.js');
  const began = deps.now();
  const copied = await reaching(io, deps, reached, { act: 'cp', words: [from, to] }, (reach) =>
    leavable(io, (leave): Promise<Copied> => {
      const here = (path: string): string => resolve(io.cwd, path);
      const ends = { from: source?.path ?? here(from), to: target?.path ?? here(to) };
      const copy: Copy = { ...ends, as: { root: !!sudo }, leave };
      return source ? download(reach, copy) : upload(reach, copy);
    }),
  );
  const done = { from, to: target ? `${far.server}:${copied.to}` : copied.to, bytes: copied.bytes };
  if (isJson(options)) io.out(print(document('cp', { server: far.server, ...done })));
  else io.err(`${done.to}  ${bytes(done.bytes)} in ${duration(deps.now() - began)}\n`);
  return 0;
};

/** Only a name that clincher.yaml has: anything else before a colon is of a file here. */
function there(io: Io, options: GlobalOptions, word: string): There | undefined {
  const at = word.indexOf(':');
  const server = word.slice(0, Math.max(0, at));
  if (at <= 0 || server.includes('/')) return undefined;
  if (!Object.hasOwn(loadConfig(options.config, io).servers, server)) return undefined;
  return { server, path: word.slice(at + 1) || '.' };
}
