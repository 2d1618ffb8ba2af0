// What one can say to a run and ask of it: names shared by workflows and client. Imports no code of either.
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { RunState, Server } from '../model.js';
import { FLEET } from './catalog.js';

/** The whole state of a run; costs no history. */
export const progressQuery = defineQuery<RunState>('progress');

export interface GateAnswer {
  gate: string;
  /** `yes`/`no` for confirm, an option for choice and failed, `done` for done. Never a secret. */
  value: string;
  /** For secret gates: the value, age-encrypted (armored) to `RunState.sealTo`. */
  sealed?: string | undefined;
  who: string;
  /** With `retry`: go on with this configuration instead of the frozen one. */
  server?: Server | undefined;
}

export interface GateReceipt {
  gate: string;
  accepted: boolean;
  /** Why it was not taken, when the value was looked at only after the gate (a token that is refused, say). */
  reason?: string | undefined;
}

/** Answers a gate. Refused before it enters the history when no such gate is open or the value is not an option. */
export const answerUpdate = defineUpdate<GateReceipt, [GateAnswer]>('answer');

/** `done <gate>`: the plain form, which the Temporal UI and CLI can send and which needs no worker to be accepted. */
export const doneSignal = defineSignal<[string?]>('done');

export const TASK_QUEUE = 'clincher';

/** Ids of workflows begin with it; those of a server with `clincher/<server>/`. */
export const PREFIX = 'clincher/';

/** The lock of a host is its running operation: one workflow id per server. */
export const operationId = (server: string): string => `${PREFIX}${server}/op`;

/** One id a runbook: it waits for a server at most once. */
export const queuedId = (server: string, runbook: string): string => `${PREFIX}${server}/queued/${runbook}`;

/** Of who waits for an old server to come back: one a server. */
export const fenceReturnId = ({ name, address }: Server): string =>
  `${PREFIX}${name}/fence-return/${address}`;

/** Read-only runbooks take no lock; `nonce` tells them apart. */
export const readOnlyId = (server: string, runbook: string, nonce: string): string =>
  `${PREFIX}${server}/${runbook}/${nonce}`;

export const fleetId = (nonce: string): string => `${PREFIX}${FLEET}/${nonce}`;

/** A server's part of a fleet: it waits its turn as what was queued does. */
export const memberId = (server: string, nonce: string): string => `${PREFIX}${server}/${FLEET}/${nonce}`;

/** Workflow types are camelCase: `rotate-token` is `rotateToken`. */
export const workflowType = (runbook: string): string =>
  runbook.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Speakable run id: the server and the end of Temporal's run id, `prod-3f2a`. */
export const speakable = (server: string, runId: string): string => `${server}-${runId.slice(-4)}`;

/** What a look of the watchdog leaves for whoever asks, in the memo of its workflow. */
export const WATCH_MEMO = 'watch';

/** Search attributes (plaintext by nature: names only). */
export const SERVER_ATTRIBUTE = defineSearchAttributeKey('ClincherServer', SearchAttributeType.KEYWORD);
export const RUNBOOK_ATTRIBUTE = defineSearchAttributeKey('ClincherRunbook', SearchAttributeType.KEYWORD);
export const STATUS_ATTRIBUTE = defineSearchAttributeKey('ClincherStatus', SearchAttributeType.KEYWORD);
