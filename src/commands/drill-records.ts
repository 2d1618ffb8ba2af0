// The restore drills of a server, remembered by itself: how long a recovery took each time, whatever becomes of the control plane.
import type { Action, DrillRecord, Fact } from '../model.js';
import { recordIn, recordsIn } from './records.js';

const PATH = '/var/lib/clincher/drills.json';

export const remember = (record: DrillRecord): Action => recordIn(PATH, record);

/** Oldest first; a run whose worker died behind its note has two, of which the last counts. */
export const drills: Fact<DrillRecord[]> = {
  read: recordsIn<DrillRecord>(PATH).read,
  parse(reading) {
    const all = recordsIn<DrillRecord>(PATH).parse(reading);
    return [...new Map(all.map((record) => [record.run, record])).values()];
  },
};
