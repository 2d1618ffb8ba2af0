// The trail of the ways out: one line a change in a file beside clincher.yaml, for version control. Lines are added, never changed.
import { appendFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface EgressChange {
  server: string;
  act: 'allow' | 'deny';
  domain: string;
  reason: string;
  owner?: string | undefined;
  expires?: string | undefined;
}

export interface TrailLine extends EgressChange {
  at: number;
  who: string;
  run: string;
  outcome: string;
}

export const trailPath = (config: string): string => join(dirname(config), 'egress-changes.md');

const HEADING = `# Changes of the ways out

Each domain is a way for data to leave: why it was opened, who answers for it, and who agreed (guide, Step 13). Written by
\`clincher egress\`; lines are added at the end. Keep it in version control. What expired was shut by the server’s own run.

| when | server | change | domain | reason | owner | until | agreed to by | run | outcome |
|---|---|---|---|---|---|---|---|---|---|
`;

export async function addToTrail(config: string, line: TrailLine): Promise<void> {
  const path = trailPath(config);
  // Whoever comes second finds it there.
  await writeFile(path, HEADING, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await appendFile(path, row(line), { flush: true });
}

const row = ({ at, server, act, domain, reason, owner, expires, who, run, outcome }: TrailLine): string =>
  `| ${[
    new Date(at).toISOString().replace(/\.\d+Z/, 'Z'),
    ...[server, act, domain, reason, owner ?? '', expires ?? '', who, run, outcome].map(cell),
  ].join(' | ')} |\n`;

/** A reason is a person's own words, and a table has its own signs. */
const cell = (text: string): string => text.replace(/[\\|`<*_[\]]/g, '\\$&').replace(/\s+/g, ' ');
