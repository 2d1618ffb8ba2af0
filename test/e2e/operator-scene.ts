// What each part of the proof of an operator's day works with.
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import type { Proof } from './proof.js';
import type { Stage } from './stage.js';

export interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  name: string;
}

export const said = ({ stdout, stderr, code }: CliResult): string =>
  `exit ${code}\n${stdout.slice(-1500)}${stderr.slice(-1500)}`;

export async function until(holds: () => Promise<boolean>, ms = 30_000): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (await holds()) return true;
    await new Promise((next) => setTimeout(next, 300));
  }
  return false;
}
