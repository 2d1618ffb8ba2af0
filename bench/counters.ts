// What a converged run costs, counted: activities and events in its history, round trips at the SSH library.

import { count, counts } from './first-run.js';
import { CHECKLISTS } from './floor.js';
import { digits } from './numbers.js';
import type { Rig } from './rig.js';
import { within } from './spans.js';

export interface Counters {
  checklists: number;
  activities: number;
  roundTrips: number;
  connections: number;
  events: number;
  activitiesPerChecklist: number;
  roundTripsPerChecklist: number;
}

export async function counters(rig: Rig): Promise<Counters> {
  const { state, window } = await rig.provision();
  const spans = within(rig.sshSpans(), window);
  const { activities, events } = await counts(rig, state.run);
  const roundTrips = count(spans, 'command');
  rig.say(`counters: ${activities} activities, ${roundTrips} round trips, ${events} events`);
  return {
    checklists: CHECKLISTS.length,
    activities,
    roundTrips,
    connections: count(spans, 'connection'),
    events,
    activitiesPerChecklist: Number(digits(activities / CHECKLISTS.length)),
    roundTripsPerChecklist: Number(digits(roundTrips / CHECKLISTS.length)),
  };
}
