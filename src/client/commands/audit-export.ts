// `clincher audit export`: what was done to servers, when and by whom, as lines that tell when they were tampered with.
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Chain, FORMAT } from '../../audit/chain.js';
import { keyFingerprint } from '../../audit/key.js';
import { verifyAudit } from '../../audit/verify.js';
import { ClincherError } from '../../errors.js';
import type { AuditHeader, Server } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import { type AuditPart, type AuditRange, Gatherer } from '../audit-gather.js';
import type { Command } from '../deps.js';
import { worst } from '../exit.js';
import { timeoutMs, who } from '../input.js';
import type { Io } from '../io.js';
import { type GlobalOptions, isJson } from '../options.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { version } from '../version.js';
import { type Exported, exportedView, unreadView } from '../view/audit.js';
import { document, print } from '../view/json.js';

export interface AuditExportOptions extends ServerOptions {
  since?: string;
  out?: string;
}

type Options = AuditExportOptions & GlobalOptions;

export const auditExport: Command<AuditExportOptions> = async (io, options, deps) => {
  const file = target(io, options);
  const servers = serversToRead(io, configOf(io, options), options);
  const range = rangeOf(options.since, deps.now());
  const { control } = await deps.openSession(io, { config: configOf(io, options) });
  try {
    const { parts, text, exported } = await compose(io, new Gatherer(io, deps, control), servers, range);
    deliver(io, options, file, text, exported);
    return worst(parts.map(({ exitCode }) => exitCode));
  } finally {
    await control.close();
  }
};

/** The key comes first: what cannot be signed need not be read. */
async function compose(io: Io, gather: Gatherer, servers: readonly Server[], range: AuditRange) {
  const [one] = servers as [Server, ...Server[]];
  const { publicKey } = await gather.sign(one);
  const parts = await sideBySide(servers, (server) => gather.part(server, range));
  const chain = new Chain();
  chain.add(header(io, servers, range, publicKey), ...parts.flatMap(({ runs, log }) => [...runs, ...log]));
  const said = chain.statement;
  const { signature = '' } = await gather.sign(one, said);
  chain.add({ kind: 'footer', ...said, signature });
  assertSound(chain.text, publicKey);
  return { parts, text: chain.text, exported: summarised(parts, said.head, publicKey) };
}

/** What could not be verified by whoever gets it is not handed out. */
function assertSound(text: string, key: string): void {
  const found = verifyAudit(text, key);
  if (!found.isSound)
    throw new ClincherError('INTERNAL', `the export does not hold: line ${found.line}, ${found.why}`);
}

/** What was kept of before is not written over. */
function target(io: Io, { out, ...options }: Options): string | undefined {
  if (out === undefined && isJson(options))
    throw new ClincherError(
      'USAGE',
      'Without --out the export itself is the answer, and is JSON Lines already.',
      {
        remedy: ['clincher audit export --out <file> --json'],
      },
    );
  const file = out === undefined ? undefined : resolve(io.cwd, out);
  if (file !== undefined && existsSync(file))
    throw new ClincherError('USAGE', `${out} is there already.`, {
      remedy: ['choose another: --out <file>'],
    });
  return file;
}

function rangeOf(since: string | undefined, now: number): AuditRange {
  const ms = timeoutMs(since);
  const iso = (at: number): string => new Date(at).toISOString();
  return { since: ms === undefined ? undefined : iso(Math.max(0, now - ms)), to: iso(now) };
}

const header = (
  io: Io,
  servers: readonly Server[],
  { since, to }: AuditRange,
  publicKey: string,
): AuditHeader => ({
  ...{ kind: 'header', format: FORMAT, version: version(), servers: servers.map(({ name }) => name) },
  ...{ from: since ?? '', to, exportedBy: who(io.env), publicKey },
});

const summarised = (parts: readonly AuditPart[], head: string, publicKey: string): Exported => {
  const log = parts.flatMap((part) => part.log);
  const unread = log.flatMap((line) => (line.kind === 'unread' ? [line] : []));
  return {
    runs: parts.reduce((sum, { runs }) => sum + runs.length, 0),
    hostLines: log.length - unread.length,
    unread: unread.map(({ server, code, message }) => ({ server, code, message })),
    ...{ head, publicKey, fingerprint: keyFingerprint(publicKey) },
  };
};

function deliver(io: Io, options: Options, file: string | undefined, text: string, seen: Exported): void {
  if (file !== undefined) write(file, text);
  if (isJson(options)) io.out(print(document('audit-export', { file, ...seen })));
  else if (file === undefined) io.out(text);
  else io.out(`${exportedView(seen, options.out ?? file).join('\n')}\n`);
  // The export has the key in it; where it came from has to be learnt on another way.
  if (file === undefined) io.err(`signed with ${seen.fingerprint}\n`);
  for (const line of unreadView(seen)) io.err(`${line}\n`);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new ClincherError('USAGE', `The export cannot be written: ${(error as Error).message}`);
  }
}
