// What goes over the control socket: JSON lines, requests with a number, errors with their code.
import { ClincherError, type ErrorCode } from '../errors.js';
import type { ControlMethod } from './control.js';
import { isCode } from './view/error.js';

export interface Request {
  id: number;
  method: ControlMethod;
  args: unknown[];
}

export interface WireError {
  code: string;
  message: string;
  evidence: readonly string[];
  remedy: readonly string[];
}

export type Reply = { id: number; ok: unknown } | { id: number; error: WireError };

/** Takes chunks, gives whole lines. */
export function lineSplitter(take: (line: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  return (chunk) => {
    let rest = chunk;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      take(Buffer.concat([...parts, rest.subarray(0, at)]).toString('utf8'));
      parts = [];
      rest = rest.subarray(at + 1);
    }
    if (rest.length > 0) parts.push(rest);
  };
}

export const toWire = (error: unknown): WireError =>
  error instanceof ClincherError
    ? { code: error.code, message: error.message, evidence: error.evidence, remedy: error.remedy }
    : { code: 'INTERNAL', message: String(error), evidence: [], remedy: [] };

export function fromWire({ code, message, evidence, remedy }: WireError): ClincherError {
  const known: ErrorCode = isCode(code) ? code : 'INTERNAL';
  return new ClincherError(known, message, remedy.length > 0 ? { evidence, remedy } : { evidence });
}
