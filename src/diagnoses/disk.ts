// A file system is full: what nothing needs takes its place.
import { defineDiagnosis, failed } from './define.js';
import { makeRoom } from './repairs.js';

export const disk = defineDiagnosis({
  id: 'diagnose.disk',
  symptom: 'A file system is full',
  why: 'Every service stops in the middle of a write, the backup before all others.',
  source: 'guide Step 13.2 (DISK_THRESHOLD=85); df(1)',
  suspects: [
    {
      id: 'disk-full',
      title: 'images, logs and leftovers take the room',
      needs: [failed('watch.disk')],
      repair: makeRoom,
      byHand: () => ['on the server: du -xh --max-depth=2 / | sort -h | tail'],
    },
  ],
});
