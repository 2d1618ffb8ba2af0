// monitoring.folders, monitoring.files and monitoring.images: what a monitor's programs are made of, before any of them runs.
import { images, pull } from '../commands/containers.js';
import { type FolderWant, folderChange, folders } from '../commands/files.js';
import { ownedChange, ownedFiles } from '../commands/owned-files.js';
import type { Server } from '../model.js';
import { certificatesIn, monitorFiles } from '../monitoring/files.js';
import { monitorFolder, USERS } from '../monitoring/places.js';
import { monitorNames } from '../monitoring/services.js';
import { pinned, watchImages } from '../stack/images.js';
import { secretsIn } from '../stack/tokens.js';
import { isMonitor } from '../stack/watched.js';
import { change, defineStep } from './define.js';
import { byDigest } from './stack-images.js';

const below: Readonly<Record<string, readonly string[]>> = {
  prometheus: ['prometheus', 'prometheus/rules', 'prometheus/doors', 'data/prometheus'],
  alertmanager: ['alertmanager', 'alertmanager/channels', 'data/alertmanager'],
  'blackbox-exporter': ['blackbox'],
  grafana: ['grafana', 'grafana/datasources', 'grafana/dashboards', 'grafana/shown', 'data/grafana'],
  'uptime-kuma': ['data/uptime-kuma'],
};

/** The outer ones are ours, and let through whoever has one inside. */
function wanted(want: Server): FolderWant[] {
  const folder = monitorFolder(want);
  const outer = [folder, `${folder}/data`].map((path) => ({ path, mode: '0711', owner: '0', group: '0' }));
  const kuma = want.monitoring.uptime_kuma
    ? [{ path: `${folder}/kuma`, mode: '0700', owner: '0', group: '0' }]
    : [];
  const inner = monitorNames(want).flatMap((name) =>
    (below[name] ?? []).map((path) => ({
      ...{ path: `${folder}/${path}`, mode: '0700' },
      ...{ owner: USERS[name] as string, group: USERS[name] as string },
    })),
  );
  return [...outer, ...kuma, ...inner];
}

export const monitoringFolders = defineStep({
  id: 'monitoring.folders',
  title: 'Each program of the monitor has folders of its own',
  why: 'They run without any capability: where a folder is not their own they cannot write, and where others may read, they do.',
  source: 'guide Step 13.2.1',
  after: [],
  wanted: isMonitor,
  facts: (want) => ({
    folders: folders(
      wanted(want).map(({ path }) => path),
      { numeric: true },
    ),
  }),
  plan: ({ folders: now }, want) => wanted(want).flatMap((each) => folderChange(now.get(each.path), each)),
});

export const monitoringFiles = defineStep({
  id: 'monitoring.files',
  title: 'What is read, what is told, to whom, and how it is shown',
  why: 'Rules that nobody deployed alert nobody; a token that others may read is one that others may use.',
  source:
    'guide Steps 12 and 13.2.1; https://prometheus.io/docs/prometheus/latest/configuration/configuration/',
  wanted: isMonitor,
  secrets: (want) => secretsIn(monitorFiles(want).map(({ content }) => content)),
  publicKeys: certificatesIn,
  facts: (want) => ({ files: ownedFiles(monitorFiles(want)) }),
  plan: ({ files }, want) => monitorFiles(want).flatMap((file) => ownedChange(files.get(file.path), file)),
});

export const monitoringImages = defineStep({
  id: 'monitoring.images',
  title: 'Images are on the monitor, by the digests that were locked',
  why: 'A tag can be moved to other contents at any time; a digest cannot.',
  source: 'https://docs.docker.com/reference/cli/docker/image/pull/',
  after: [],
  timeoutMs: 40 * 60_000,
  wanted: isMonitor,
  facts: () => ({ images }),
  plan: ({ images: there }, want) =>
    watchImages(want)
      .filter((name) => !there.has(byDigest(want, name)))
      .map((name) => change(`pull ${pinned(want, name)}`, pull(byDigest(want, name)))),
});
