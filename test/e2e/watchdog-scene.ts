// What the parts of the watchdog's proof share: a look that happens now, and what is known after it.
import type { Alert, WatchSeen } from '../../src/model.js';
import type { LabHost } from '../lab/lab.js';
import type { Receivers } from './alert-receivers.js';
import { until } from './moments.js';
import type { Proof } from './proof.js';
import type { Stage } from './stage.js';

export const NAME = 'watched';

export interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  receivers: Receivers;
}

export async function known({ stage }: Scene): Promise<WatchSeen | undefined> {
  const { stdout } = await stage.cli(['alerts', 'ls', '-s', NAME, '--json']);
  return (JSON.parse(stdout) as { servers: WatchSeen[] }).servers[0];
}

/** One look by the schedule itself, now; what is wrong after it. */
export async function look(scene: Scene): Promise<Alert[]> {
  const before = (await known(scene))?.at ?? '';
  const { code, stderr } = await scene.stage.cli(['schedule', 'trigger', 'watchdog', '-s', NAME]);
  if (code !== 0) throw new Error(`schedule trigger: ${stderr}`);
  let seen: WatchSeen | undefined;
  await until(
    'the watchdog looks',
    async () => {
      seen = await known(scene);
      return (seen?.at ?? '') > before;
    },
    200_000,
  );
  return seen?.alerts ?? [];
}

export async function looks(scene: Scene, times: number): Promise<Alert[]> {
  let alerts: Alert[] = [];
  for (let i = 0; i < times; i += 1) alerts = await look(scene);
  return alerts;
}

export const keys = (alerts: readonly Alert[]): string => alerts.map(({ key }) => key).join(' ');

/** In the order in which people heard it. */
export const heard = ({ receivers }: Scene, word: string): string[] =>
  receivers.heard.filter(({ by, text }) => by !== 'ping' && text.includes(word)).map(({ text }) => text);
