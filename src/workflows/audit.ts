// What an audit export asks through a worker: a server's own log, page by page, and a signature. Looks: no lock, no change.
import type { AuditQuestion, AuditStatement, RunInput, RunState } from '../model.js';
import { local, reads } from './activities.js';
import { elapsedMs } from './elapsed.js';
import { record } from './look.js';

export const auditLog = (input: RunInput & { question: AuditQuestion }): Promise<RunState> =>
  record(input, 'audit-log', async (state) => {
    const { server, question } = input;
    const { page, remote } = await reads.readAudit({ server, question });
    state.audit = { page };
    state.remoteMs = elapsedMs(remote);
  });

/** Without anything to sign it tells the public key. */
export const auditSign = (input: RunInput & { sign?: AuditStatement | undefined }): Promise<RunState> =>
  record(input, 'audit-sign', async (state) => {
    const { server, sign } = input;
    state.audit = { signed: await local.signAudit({ server, sign }) };
  });
