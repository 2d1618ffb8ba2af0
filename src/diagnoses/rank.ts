// From findings to causes, likeliest first; and the same as checks, for people. Pure.
import type { Cause, CheckResult, Diagnosis, Findings, Server, Sign, Suspect } from '../model.js';

/** Undefined: one of them could not be seen, and none of the others speaks against it. */
function seenAll(
  signs: readonly Sign[],
  findings: Findings,
  server: Server,
): readonly string[][] | undefined {
  const seen = signs.map((sign) => sign.see(findings, server));
  if (seen.some((lines) => lines?.length === 0)) return [];
  return seen.includes(undefined) ? undefined : seen.map((lines) => [...(lines ?? [])]);
}

const total = (signs: readonly Sign[]): number => signs.reduce((sum, { weight }) => sum + weight, 0);

function causeOf(
  { id: diagnosis, symptom }: Diagnosis,
  suspect: Suspect,
  findings: Findings,
  server: Server,
): Cause[] {
  const { id, title, needs, also = [], repair, byHand } = suspect;
  const seen = seenAll(needs, findings, server) ?? [];
  if (seen.length === 0) return [];
  const more = also.filter((sign) => sign.see(findings, server)?.length);
  const lines = more.flatMap((sign) => sign.see(findings, server) ?? []);
  return [
    {
      ...{ id, diagnosis, symptom, title, weight: total(needs) + total(more) },
      evidence: [...new Set([...seen.flat(), ...lines])],
      repair: repair?.(server),
      changes: [],
      byHand: byHand?.(server) ?? [],
    },
  ];
}

/** Of equal weight, what stands first in the table comes first. */
export const causesOf = (table: readonly Diagnosis[], findings: Findings, server: Server): Cause[] =>
  table
    .flatMap((row) => row.suspects.flatMap((suspect) => causeOf(row, suspect, findings, server)))
    .toSorted((a, b) => b.weight - a.weight);

const result = (
  { id, why, source }: Diagnosis,
  title: string,
  verdict: CheckResult['verdict'],
  evidence: string[],
  remedy: string[] = [],
): CheckResult => ({ id, title, why, source, vantage: 'host', verdict, evidence, remedy });

/** Ids of what it looks at, and what could not be judged for want of it. */
export const readsOf = ({ suspects }: Diagnosis): string[] =>
  suspects.flatMap(({ needs, also = [] }) => [...needs, ...also].flatMap(({ reads }) => [...reads]));

function unfound(row: Diagnosis, findings: Findings, server: Server): CheckResult {
  const blind = row.suspects.filter(({ needs }) => seenAll(needs, findings, server) === undefined);
  if (blind.length === 0) return result(row, row.symptom, 'pass', ['nothing points to it']);
  const evidence = blind.map(({ title }) => `whether ${title} could not be seen`);
  return result(row, row.symptom, 'unknown', evidence, [`clincher doctor -s ${server.name}`]);
}

const found = (row: Diagnosis, { id, symptom, title, evidence, repair, byHand }: Cause): CheckResult => ({
  ...result(row, `${symptom}: ${title}`, 'fail', evidence, [...(repair ? [repair.command] : []), ...byHand]),
  id: `${row.id}.${id}`,
});

/** Causes in their order, then rows that could not be judged, then those that nothing points to. */
export function told(
  table: readonly Diagnosis[],
  causes: readonly Cause[],
  findings: Findings,
  server: Server,
): CheckResult[] {
  const rowOf = (cause: Cause): Diagnosis => table.find(({ id }) => id === cause.diagnosis)!;
  const others = table.filter(({ id }) => !causes.some(({ diagnosis }) => diagnosis === id));
  const rest = others.map((row) => unfound(row, findings, server));
  const unknown = rest.filter(({ verdict }) => verdict === 'unknown');
  const fine = rest.filter(({ verdict }) => verdict === 'pass');
  return [...causes.map((cause) => found(rowOf(cause), cause)), ...unknown, ...fine];
}
