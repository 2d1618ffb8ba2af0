// Of an operator's day: what starts by itself rests for a while, and nobody holds the server.
import { type Scene, said } from './operator-scene.js';

export async function quietly(scene: Scene): Promise<void> {
  await rests(scene);
  await isFree(scene);
}

async function isResting({ stage, name }: Scene): Promise<boolean> {
  const { stdout } = await stage.cli(['schedule', 'ls', '-s', name, '--json']);
  const { schedules } = JSON.parse(stdout) as { schedules: { runbook: string; paused: boolean }[] };
  return schedules.some(({ runbook, paused }) => runbook === 'verify' && paused);
}

async function rests(scene: Scene): Promise<void> {
  const { proof, stage, name } = scene;
  const made = await stage.cli(['schedule', 'sync', '-s', name, '--json']);
  const paused = await stage.cli(['schedule', 'pause', 'verify', '-s', name, '--note', 'the proof']);
  proof.check(
    'a schedule rests',
    made.code === 0 && paused.code === 0 && (await isResting(scene)),
    said(paused),
  );
  const resumed = await stage.cli(['schedule', 'resume', 'verify', '-s', name]);
  proof.check('and goes on', resumed.code === 0 && !(await isResting(scene)), said(resumed));
}

async function isFree({ proof, stage, name }: Scene): Promise<void> {
  const released = await stage.cli(['lock', 'release', '-s', name, '--confirm', name]);
  proof.check('a lock that nobody holds is no error', released.code === 0, said(released));
}
