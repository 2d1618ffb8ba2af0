// The two things that an audit export needs of the world: a server's own log, and a signature by the key in the vault.
import { statement } from '../audit/chain.js';
import { publicHalf, signed } from '../audit/key.js';
import { auditPage } from '../commands/audit-log.js';
import { ClincherError } from '../errors.js';
import type { AuditPage, AuditSigned, Span } from '../model.js';
import type { AuditReadInput, AuditSignInput } from './api.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';

/** Values never get into the log; what was revealed here is looked for all the same. */
export async function readAudit(
  deps: Deps,
  { server, question }: AuditReadInput,
  signal?: AbortSignal,
): Promise<{ page: AuditPage; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const fact = auditPage(question);
  const [reading] = await host.read([fact.read], { signal });
  if (reading === undefined) throw new ClincherError('FACT_UNKNOWN', `${server.name} gave no answer`);
  const { lines, more } = parsed(server.name, () => fact.parse(reading));
  return { page: { lines: lines.map(deps.secrets.redact), more }, remote: meter.spans };
}

function parsed(server: string, parse: () => AuditPage): AuditPage {
  try {
    return parse();
  } catch (error) {
    throw new ClincherError('FACT_UNKNOWN', `the audit log of ${server} cannot be read`, {
      evidence: [(error as Error).message],
    });
  }
}

/** Signs what an export says of itself and nothing else, whoever asks. */
export async function signAudit(deps: Deps, { server, sign }: AuditSignInput): Promise<AuditSigned> {
  const key = await deps.secrets.auditKey(server);
  const publicKey = publicHalf(key);
  if (sign === undefined) return { publicKey };
  if (!Number.isSafeInteger(sign.count) || !/^[0-9a-f]{64}$/.test(sign.head))
    throw new ClincherError('INTERNAL', 'this is no count and hash of an audit export');
  return { publicKey, signature: signed(key, statement(sign)) };
}
