// What the parts of the upkeep proof share: the host, how runbooks are started on it, and what they say.
import type { LabHost } from '../lab/lab.js';
import type { CliProcess, CliResult } from './cli.js';
import type { Proof } from './proof.js';
import type { Stage } from './stage.js';

export const NAME = 'kept';

export interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
}

export const words = (runbook: string, ...more: string[]): string[] => [
  ...['run', runbook, '-s', NAME, '--yes', '--json', '--on-failure', 'abort'],
  ...more,
];

export const started = ({ stage }: Scene, runbook: string, ...more: string[]): CliProcess =>
  stage.start(words(runbook, ...more), { timeoutMs: 900_000 });

export const run = (scene: Scene, runbook: string, ...more: string[]): Promise<CliResult> =>
  started(scene, runbook, ...more).ended;

/** Everything that it says it did. */
export const saidBy = ({ doc }: CliResult): string =>
  doc.steps.flatMap(({ changes }) => changes.map(({ what }) => what)).join('\n');
