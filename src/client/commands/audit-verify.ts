// `clincher audit verify`: is an export as it was written, and by whom? Asks no server, no Temporal and no vault.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { verifyAudit } from '../../audit/verify.js';
import { ClincherError } from '../../errors.js';
import type { Command } from '../deps.js';
import type { Io } from '../io.js';
import { isJson } from '../options.js';
import { soundView } from '../view/audit.js';
import { document, print } from '../view/json.js';

export interface AuditVerifyOptions {
  file: string;
  key?: string;
}

export const auditVerify: Command<AuditVerifyOptions> = async (io, options) => {
  const { file, key } = options;
  const found = verifyAudit(read(io, file), key?.trim());
  if (!found.isSound)
    throw new ClincherError('AUDIT_BROKEN', `${file}, line ${found.line}: ${found.fault}; ${found.why}.`);
  const { header, fingerprint, count, kinds } = found;
  const { servers, from, to, exportedBy, version } = header;
  const facts = { file, count, runs: kinds.run, hostLines: kinds.host, unread: kinds.unread, fingerprint };
  const isKeyKnown = key !== undefined;
  if (isJson(options))
    io.out(print(document('audit-verify', { ...facts, isKeyKnown, servers, from, to, exportedBy, version })));
  else io.out(`${soundView(found, file).join('\n')}\n`);
  if (!isKeyKnown)
    io.err(
      'Nobody can tell from the file alone whose key that is: compare it with one that you were given, or add --key.\n',
    );
  return 0;
};

function read(io: Io, file: string): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new ClincherError('USAGE', `${file} cannot be read: ${(error as Error).message}`);
  }
}
