// control.tools … control.images: what a control plane on a monitor is made of, before any of it runs.
import * as apt from '../commands/apt.js';
import { images, pull } from '../commands/containers.js';
import { controlKeys, makeIdentity, makePassword } from '../commands/control-plane.js';
import { type FolderWant, folderChange, folders } from '../commands/files.js';
import { type OwnedFile, ownedChange, ownedFiles } from '../commands/owned-files.js';
import type { Server } from '../model.js';
import {
  CONTROL_FOLDER,
  CONTROL_HOME,
  CONTROL_PROJECT,
  CONTROL_USER,
  controlEnv,
  hasControl,
  workerImage,
} from '../stack/control.js';
import { CONTROL_IMAGES, pinned } from '../stack/images.js';
import { change, defineStep } from './define.js';

const COMPOSE = 'docker-compose.temporal.yml';
const OVERLAY = 'docker-compose.temporal-tls.yml';

/** Facts are asked for before anything is planned, and want no text. */
export const shippedText = ({ shipped }: Server, name: string): string => shipped?.[name] ?? '';

/** Without a worker nobody has them: what would be written cannot be said. */
export function mustBeShipped({ shipped }: Server, names: readonly string[]): void {
  const lacking = names.filter((name) => shipped?.[name] === undefined);
  if (lacking.length > 0) throw new Error(`the worker brings ${lacking.join(' and ')} with it`);
}

export const controlTools = defineStep({
  id: 'control.tools',
  title: 'age is there: it makes the key of the vault, and closes the backups',
  why: 'A key that is made where it is used need not travel, and cannot be read on the way.',
  source: 'age(1)',
  after: [],
  wanted: hasControl,
  facts: () => ({ installed: apt.installed(['age']) }),
  plan: ({ installed }) => (installed.has('age') ? [] : [change('install age', apt.install('age'))]),
});

const ours = (path: string): FolderWant => ({ path, mode: '0700', owner: '0', group: '0' });
const theirs = (path: string): FolderWant => ({
  ...ours(path),
  owner: CONTROL_USER,
  group: CONTROL_USER,
});

const FOLDERS: readonly FolderWant[] = [
  ours(CONTROL_FOLDER),
  ours(`${CONTROL_FOLDER}/secrets`),
  theirs(CONTROL_HOME),
  theirs(`${CONTROL_HOME}/keys`),
];

export const controlFolders = defineStep({
  id: 'control.folders',
  title: 'The control plane has a folder, and its workers have one, that nobody else looks into',
  why: 'The password of the database and the key of the vault open everything.',
  source: 'docs/control-plane.md',
  after: [],
  wanted: hasControl,
  facts: () => ({
    folders: folders(
      FOLDERS.map(({ path }) => path),
      { numeric: true },
    ),
  }),
  plan: ({ folders: now }) => FOLDERS.flatMap((each) => folderChange(now.get(each.path), each)),
});

const files = (want: Server): OwnedFile[] => [
  { path: `${CONTROL_FOLDER}/docker-compose.yml`, content: shippedText(want, COMPOSE), mode: '0644' },
  { path: `${CONTROL_FOLDER}/${OVERLAY}`, content: shippedText(want, OVERLAY), mode: '0644' },
  { path: `${CONTROL_FOLDER}/.env`, content: controlEnv(want), mode: '0644' },
];

export const controlFiles = defineStep({
  id: 'control.files',
  title: 'Temporal on PostgreSQL, workers and the codec endpoint are described, each image by its digest',
  why: 'Published nowhere beyond loopback: Temporal itself asks nobody who they are.',
  source: 'docker-compose.temporal.yml',
  after: ['control.folders'],
  wanted: hasControl,
  ships: [COMPOSE, OVERLAY],
  facts: (want) => ({ files: ownedFiles(files(want)) }),
  plan({ files: now }, want) {
    mustBeShipped(want, [COMPOSE, OVERLAY]);
    return files(want).flatMap((file) => ownedChange(now.get(file.path), file));
  },
});

export const controlKeysMade = defineStep({
  id: 'control.keys',
  title: 'The password of the database and the key of the vault were made on the server, and stay there',
  why: 'What nobody has sent anywhere can only be taken from the server itself. Made anew, neither opens what the old one closed.',
  source: 'docs/control-plane.md',
  after: ['control.tools', 'control.folders'],
  wanted: hasControl,
  facts: () => ({ keys: controlKeys(CONTROL_FOLDER, CONTROL_HOME, CONTROL_PROJECT) }),
  plan({ keys }) {
    if (!keys.hasPassword && keys.hasDatabase)
      throw new Error(
        'the database is there and its password is gone: restore the backup of the control plane',
      );
    if (!keys.hasIdentity && keys.hasVault)
      throw new Error('the vault is there and its identity is gone: restore the backup of the control plane');
    return [
      ...(keys.hasPassword ? [] : [change('make the password of PostgreSQL', makePassword(CONTROL_FOLDER))]),
      ...(keys.hasIdentity
        ? []
        : [change('make the key that opens the vault', makeIdentity(CONTROL_HOME, CONTROL_USER))]),
    ];
  },
});

/** As Docker lists what was pulled by digest: without the tag. */
const listed = (reference: string): string => reference.replace(/:[^:/@]+@/, '@');

export const controlImages = defineStep({
  id: 'control.images',
  title: 'Images of the control plane are on the server, by their digests',
  why: 'The worker holds every key of every server: what a tag may come to mean tomorrow must not get them.',
  source: 'https://docs.docker.com/reference/cli/docker/image/pull/',
  after: [],
  timeoutMs: 40 * 60_000,
  wanted: hasControl,
  facts: () => ({ images }),
  plan: ({ images: there }, want) =>
    [...CONTROL_IMAGES.map((name) => pinned(want, name)), workerImage(want)]
      .filter((reference) => !there.has(listed(reference)))
      .map((reference) => change(`pull ${reference}`, pull(listed(reference)))),
});
