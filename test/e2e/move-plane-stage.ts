// Two lab hosts for the move of a control plane: a hardened primary, and a monitor that nobody has touched.

import { digestOf } from '../lab/images/registry-api.js';
import { ensureStackImages } from '../lab/images/stack.js';
import type { LabHost } from '../lab/lab.js';
import type { Proof } from './proof.js';
import type { Stage } from './stage.js';

type Tree = Record<string, unknown>;

export const HOME = '/srv/clincher';
export const IDENTITY = 'identity.txt';
export const CARRIED = ['clincher.yaml', 'clincher.vault.age', 'clincher.lock.yaml', 'keys/*'];
export const THERE = 'cd /opt/clincher && docker compose exec -T worker';

/** With those of the monitor that it is besides: a run pins every image of its server. */
const NAMES = [
  ...(['postgres', 'temporal-server', 'temporal-admin-tools', 'temporal-ui', 'clincher'] as const),
  ...(['prometheus', 'alertmanager', 'blackbox-exporter', 'node-exporter'] as const),
];

let image = '';

/** What clincher.yaml says of all of them. */
export const handover = (): Tree => ({ control_plane: { image } });

export async function readyStage(proof: Proof, stage: Stage): Promise<{ tower: LabHost; prod: LabHost }> {
  const { registry, images } = await ensureStackImages((line) => proof.say(line), [...NAMES]);
  const { repository, version } = images.clincher;
  image = `${registry}/${repository}:${version}@${await digestOf(registry, repository, version)}`;
  const ours = Object.fromEntries(
    NAMES.filter((name) => name !== 'clincher').map((name) => [
      name,
      { repository: `${registry}/${images[name].repository}`, version: images[name].version },
    ]),
  );
  const [prod] = (await stage.hosts([{ name: 'prod', distro: 'debian13', memory: '1g' }])) as [LabHost];
  const [tower] = (await stage.hosts([{ name: 'tower', distro: 'debian13', memory: '4g' }], {
    role: 'monitor',
    monitoring: { grafana: false, uptime_kuma: false },
    stack: { images: ours },
  })) as [LabHost];
  const { admin_addresses } = stage.server('prod')['ssh'] as { admin_addresses: string[] };
  stage.set('prod', { ssh: { admin_addresses: [...admin_addresses, `${tower.address}/32`] } });
  stage.everywhere(handover());
  const key = await stage.cli(['secrets', 'generate', 'backup_key', '-s', 'prod', '--yes']);
  proof.check('there is a vault', key.code === 0, key.stderr);
  await stage.up();
  const run = await stage.provision('prod');
  proof.check('a primary is provisioned from here', run.code === 0, (run.stdout + run.stderr).slice(-2_000));
  const schedules = await stage.cli(['schedule', 'sync', '-s', 'all']);
  proof.check('what starts by itself starts here', schedules.code === 0, schedules.stderr);
  return { tower, prod };
}
