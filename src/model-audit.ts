// The vocabulary of the audit export: what each of its lines says. Types only.
import type { CheckResult, GateAnswered, RunState, StepStatus } from './model.js';

/** What binds a line to the one above it; every line has it. */
export interface AuditLink {
  /** From 0. */
  n: number;
  /** `sha256` of the line above; empty in the first. */
  prev: string;
  /** Of this line without this field, as canonical JSON. */
  sha256: string;
}

export interface AuditHeader {
  kind: 'header';
  format: 'clincher.audit/1';
  /** Of clincher. */
  version: string;
  servers: string[];
  /** Runs that were started in this time, and what hosts wrote since `from`; empty: from the beginning. */
  from: string;
  to: string;
  exportedBy: string;
  /** Ed25519, SPKI in DER, base64. */
  publicKey: string;
}

export interface AuditStep {
  id: string;
  status: StepStatus;
  startedAt?: string | undefined;
  durationMs?: number | undefined;
  /** What was changed; of a look: what would be. */
  changes: string[];
  error?: { code: string; message: string } | undefined;
}

export interface AuditRun
  extends Pick<RunState, 'run' | 'server' | 'runbook' | 'who' | 'startedAt' | 'status'> {
  kind: 'run';
  /** Temporal's, which no other run has. */
  runId: string;
  endedAt?: string | undefined;
  outcome: RunState['outcome'];
  /** Those that did, would do, or failed at something; `outcome` counts the others. */
  steps: AuditStep[];
  answered: GateAnswered[];
  /** Ids of gates that were still open. */
  waits: string[];
  proofs: Pick<CheckResult, 'id' | 'verdict' | 'vantage' | 'evidence'>[];
  /** Ids of those that were made or read. */
  backups: string[];
  error?: { code: string; message: string } | undefined;
}

/** A line of a server's own /var/log/clincher/audit.log. */
export interface AuditHostLine {
  kind: 'host';
  server: string;
  text: string;
}

/** A server whose log could not be read: that is said, and signed as well. */
export interface AuditUnread {
  kind: 'unread';
  server: string;
  code: string;
  message: string;
}

export interface AuditFooter {
  kind: 'footer';
  /** Lines above this one. */
  count: number;
  /** `sha256` of the last of them. */
  head: string;
  /** Of `statement(count, head)`, base64. */
  signature: string;
}

export type AuditRecord = AuditHeader | AuditRun | AuditHostLine | AuditUnread | AuditFooter;

/** What is asked of a server's log. */
export interface AuditQuestion {
  /** ISO 8601; absent: from its beginning. */
  since?: string | undefined;
  /** So many lines were read already. */
  skip: number;
}

export interface AuditPage {
  lines: string[];
  /** There are more after these. */
  more: boolean;
}

/** What is asked of the key: its public half, and the signature where there is something to sign. */
export type AuditStatement = Pick<AuditFooter, 'count' | 'head'>;

export interface AuditSigned {
  publicKey: string;
  signature?: string | undefined;
}

/** What a look for an export came to. */
export interface AuditSeen {
  page?: AuditPage;
  signed?: AuditSigned;
}
