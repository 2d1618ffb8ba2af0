// What a worker does about schedules of its own control plane, for activities: they know neither Temporal nor the client.
import type { ControlSchedules } from './activities/deps.js';
import type { Control } from './client/control.js';
import { findRunbook } from './workflows/catalog.js';

const MOST_RUNS = 500;

export const controlSchedules = (control: Control): ControlSchedules => ({
  async pause(owner, note) {
    const seen = await control.schedules(owner);
    for (const { id } of seen.filter(({ paused }) => !paused)) await control.actOnSchedule(id, 'pause', note);
    return seen.filter(({ paused, note: said }) => !paused || said === note).map(({ id }) => id);
  },
  async resume(owner, servers, note) {
    const seen = await control.schedules(owner);
    const ours = seen.filter(
      ({ paused, note: said, server }) => paused && said === note && servers.includes(server),
    );
    for (const { id } of ours) await control.actOnSchedule(id, 'resume', `${note}: taken back`);
    return ours.map(({ id }) => id);
  },
  async openRuns(but) {
    const open = await control.list({ open: true, limit: MOST_RUNS });
    return open
      .filter(({ run, runbook }) => run !== but && findRunbook(runbook)?.mutating === true)
      .map(({ run }) => run);
  },
});
