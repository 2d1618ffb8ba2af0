// Waits for moments of a run: a step that begins on the host, words that a command prints.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '../lab/lab.js';

/** Until the host wrote into its audit log that the step begins; a task's name stands last in its line. */
export async function stepBegins(host: LabHost, step: string, withinMs = 180_000): Promise<void> {
  await until(
    `${step} begins on ${host.name}`,
    async () =>
      (await host.exec(`grep -qE ' ${step.replaceAll('.', '[.]')}( |$)' /var/log/clincher/audit.log`))
        .code === 0,
    withinMs,
  );
}

export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  withinMs: number,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await sleep(100);
  }
}
