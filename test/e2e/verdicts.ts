// What verify said, for whoever has to read why a proof failed.
import type { CliResult } from './cli.js';

export const tail = ({ stdout, stderr }: CliResult): string => (stdout + stderr).slice(-2_500);

interface Wrong {
  fails: string[];
  differs: string[];
  unknown: string[];
}

interface Found {
  steps?: { id: string; status: string; reason?: string; changes: { what: string }[] }[];
  checks?: { id: string; verdict: string; evidence: string[]; remedy: string[] }[];
}

export const documentOf = ({ stdout }: CliResult): Found => {
  try {
    return JSON.parse(stdout) as Found;
  } catch {
    return {};
  }
};

export function wrongIn({ steps = [], checks = [] }: Found): Wrong {
  return {
    fails: checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id),
    differs: steps.filter(({ status }) => status === 'drift').map(({ id }) => id),
    unknown: [
      ...steps.filter(({ status }) => status === 'unknown'),
      ...checks.filter(({ verdict }) => verdict === 'unknown'),
    ].map(({ id }) => id),
  };
}

export function told(result: CliResult): string {
  const found = documentOf(result);
  const { fails, differs, unknown } = wrongIn(found);
  const said = (found.checks ?? [])
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')
    .map(({ id, evidence }) => `${id}: ${evidence.join('; ')}`);
  const steps = (found.steps ?? [])
    .filter(({ status }) => status === 'drift' || status === 'unknown')
    .map(({ id, changes, reason }) => `${id}: ${reason ?? changes.map(({ what }) => what).join('; ')}`);
  const head = `exit ${result.code}; fails ${fails.join(', ')}; differs ${differs.join(', ')}; unknown ${unknown.join(', ')}`;
  return [head, ...said, ...steps, ...(found.checks ? [] : [tail(result)])].join('\n');
}
