// A small audit export for tests, and what somebody may do to it who has no key.
import { Chain, statement } from '../../src/audit/chain.js';
import { newAuditKey, publicHalf, signed } from '../../src/audit/key.js';
import type { AuditRecord } from '../../src/model.js';

export const KEY = newAuditKey();

export const header = (key = KEY): AuditRecord => ({
  ...{ kind: 'header', format: 'clincher.audit/1', version: '0.1.0', servers: ['prod'] },
  ...{ from: '2026-10-28T12:00:00.000Z', to: '2026-11-27T12:00:00.000Z', exportedBy: 'ada@laptop' },
  publicKey: publicHalf(key),
});

export const hostLine = (text: string): AuditRecord => ({ kind: 'host', server: 'prod', text });

/** `signer`: who signs, whatever key the header names. */
export function exported(records: readonly AuditRecord[], signer = KEY): string {
  const chain = new Chain();
  chain.add(...records);
  const { count, head } = chain.statement;
  chain.add({ kind: 'footer', count, head, signature: signed(signer, statement({ count, head })) });
  return chain.text;
}

export const LINES = ['one', 'two "quoted"', 'drei ünd\u2028more', '{"kind":"footer"}', 'five'];

export const sound = exported([header(), ...LINES.map(hostLine)]);
