// convenience.uploads: the folder for files that people and the gateway hand each other. Turned off, it stays: what is in it is people's.
import { type FolderWant, folderChange, folders } from '../commands/files.js';
import type { Server } from '../model.js';
import { hasUploads, UPLOADS } from '../stack/convenience.js';
import { GATEWAY_USER } from '../stack/services-gateway.js';
import { defineStep } from './define.js';
import { runsStack } from './stack-file-step.js';

/** The group is the deploy user's, for whatever is made in it too: else one could not read what the other has written. */
const shared = ({ stack, ssh }: Server): FolderWant => ({
  ...{ path: `${stack.directory}/${UPLOADS}`, mode: '2770', owner: GATEWAY_USER, group: ssh.user },
});

/** Where it is mounted: what Docker had to make there would be root's. */
const place = ({ stack }: Server): FolderWant => ({
  ...{ path: `${stack.directory}/data/workspace/${UPLOADS}`, mode: '0700' },
  ...{ owner: GATEWAY_USER, group: GATEWAY_USER },
});

export const convenienceUploads = defineStep({
  id: 'convenience.uploads',
  title: 'There is one folder for files that you and the gateway hand each other',
  why: 'A folder of root’s, as mkdir makes it, is one that the gateway cannot write; one that all may write is everybody’s.',
  source: 'guide Step 11.5; install(1)',
  after: ['stack.directories'],
  wanted: (want) => runsStack(want) && hasUploads(want),
  facts: (want) => ({
    shared: folders([shared(want).path], { numeric: 'owner' }),
    place: folders([place(want).path], { numeric: true }),
  }),
  plan: (now, want) => [
    ...folderChange(now.shared.get(shared(want).path), shared(want)),
    ...folderChange(now.place.get(place(want).path), place(want)),
  ],
});
