// What the two servers of the proof of monitoring say in clincher.yaml, with the lab's images.
import type { Say } from '../../scripts/patiently.js';
import type { ImageName } from '../lab/images/catalog.js';
import { ensureStackImages } from '../lab/images/stack.js';

type Tree = Record<string, unknown>;

const NAMES = [
  'prometheus',
  'alertmanager',
  'blackbox-exporter',
  'node-exporter',
  'redis-exporter',
  'uptime-kuma',
] as const satisfies readonly ImageName[];

let made: Tree = {};

async function images(say: Say): Promise<Tree> {
  const { registry, images: all } = await ensureStackImages(say, [...NAMES]);
  made = Object.fromEntries(
    NAMES.map((name) => [
      name,
      { repository: `${registry}/${all[name].repository}`, version: all[name].version },
    ]),
  );
  return made;
}

export async function monitorSettings(alerts: object, worker: string, say: Say): Promise<Tree> {
  return {
    role: 'monitor',
    alerts,
    stack: { images: await images(say) },
    monitoring: { grafana: false, worker },
  };
}

/** After those of the monitor. */
export const watchedSettings = (monitor: string): Tree => ({
  stack: { images: made },
  monitoring: { monitor },
  // It would start the gateway that the proof has stopped.
  schedules: { watchdog: 'off' },
});
