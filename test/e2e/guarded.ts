// Sees from inside a host when a guarded change begins and when it is applied: the window in which it is not proved yet.
import type { LabHost } from '../lab/lab.js';

const wait = (test: string): string => `until ${test}; do sleep 0.02; done; echo seen`;

/** `moment`: its guard is armed and the change about to be made, or the change is made and its proof is due. */
export async function untilGuarded(
  host: LabHost,
  step: string,
  moment: 'armed' | 'applied',
  generation = 0,
  withinMs = 180_000,
): Promise<void> {
  const guard = `ls /var/lib/clincher/guard/*.${step}.${generation}/files.tar >/dev/null 2>&1`;
  const exit = `ls /run/clincher/jobs/*.${step}.${generation}/exit >/dev/null 2>&1`;
  const test = moment === 'armed' ? guard : `{ ${guard} && ${exit}; }`;
  const { stdout, stderr } = await host.exec(wait(test), { timeoutMs: withinMs });
  if (stdout.trim() !== 'seen')
    throw new Error(`${step} was not ${moment} within ${withinMs / 1000} s ${stderr}`);
}
