// The shape of a check, and the three verdicts in words. A check judges what was read; it never acts.
import type { Check, Facts, Judgement, Server } from '../model.js';
import { wordIn } from '../stack/partitions.js';

/** Names the types of a check's facts from its `facts`, so that `judge` needs no annotations. */
export function defineCheck<F extends Facts>(check: Check<F>): Check<F> {
  return check;
}

export const pass = (...evidence: string[]): Judgement => ({ verdict: 'pass', evidence, remedy: [] });

export const fail = (evidence: readonly string[], ...remedy: string[]): Judgement => ({
  verdict: 'fail',
  evidence: [...evidence],
  remedy,
});

/** It could not be asked: which says nothing of how it is. */
export const unknown = (evidence: string, ...remedy: string[]): Judgement => ({
  verdict: 'unknown',
  evidence: [evidence],
  remedy,
});

/** Passes where nothing is wrong; else says all that is. */
export const unless = (wrong: readonly string[], fine: string, ...remedy: string[]): Judgement =>
  wrong.length === 0 ? pass(fine) : fail(wrong, ...remedy);

/** The command that makes these steps so again. */
export const rerun = ({ name }: Server, steps: string): string =>
  `clincher run provision -s ${name} --only '${steps}'`;

/** A shell on the server, as the operator would type it. */
export const onHost = (server: Server, line: string): string =>
  `ssh -p ${server.ssh.port} ${server.ssh.user}@${server.address} ${line
    .split(' ')
    .map((word) => wordIn(server, word))
    .join(' ')}`;

/** A standby has everything but running services; a monitor, or a server without a stack, nothing at all. */
export const runsGateway = ({ role, stack }: Server): boolean => role === 'primary' && stack.enabled;
