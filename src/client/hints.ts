// What to type next, after a run was watched.
import type { RunState } from '../model.js';
import type { Followed } from './follow.js';
import { answerCommand } from './view/gate.js';
import { waitsOn } from './waits.js';

export const goesOn = (run: string): string =>
  `run ${run} goes on; clincher follow ${run}, or clincher abort ${run}`;

export function hints({ state, left, waiting }: Followed, now: number): string[] {
  if (waiting) return [waitsOn(waiting, now)];
  if (left === 'detached' || left === 'timeout') return [goesOn(state.run)];
  if (left === 'gate')
    return [...state.gates.map((gate) => `waits: ${answerCommand(gate, state)}`), goesOn(state.run)];
  return next(state);
}

const next = (state: RunState): string[] => [...swapped(state), ...after(state)];

/** What people ask first after an upgrade. */
function swapped({ upgrade }: RunState): string[] {
  if (upgrade === undefined || upgrade.outcome === 'begun') return [];
  const { image, from, to, outcome, downtimeMs } = upgrade;
  const away =
    downtimeMs === undefined ? 'for how long was not measured' : `for ${(downtimeMs / 1000).toFixed(1)} s`;
  const what = {
    done: `${from} → ${to}`,
    'rolled-back': `${from} again, ${to} was not kept`,
    stuck: `${to} or ${from}`,
  };
  return [`${image} ${what[outcome]}; the gateway did not answer ${away}`];
}

const after = (state: RunState): string[] => (state.fleet ? ofFleet(state) : ofServer(state));

/** What of a run over several servers is still to be done, server by server. */
function ofFleet({ fleet, runbook }: RunState): string[] {
  const named = (status: string) =>
    (fleet?.members ?? []).flatMap((one) => (one.status === status ? [one.server] : []));
  const [spared, open] = [named('spared'), named('running')];
  return [
    ...(spared.length > 0 ? [`not begun: ${spared.join(', ')}`] : []),
    ...(open.length > 0 ? [`goes on: ${open.join(', ')}`] : []),
    ...(spared.length > 0
      ? [`Next: clincher run ${runbook} ${spared.map((name) => `-s ${name}`).join(' ')}`]
      : []),
  ];
}

const ofServer = (state: RunState): string[] =>
  state.status === 'done'
    ? [
        ...whoWaits(state),
        ...whatEnds(state),
        `Next: ${AFTER[state.runbook] ?? 'clincher verify'} -s ${state.server}`,
      ]
    : [`Look: clincher show ${state.run}`];

/** A backup is a hope until it was read, and reading it is not yet booting it. */
const AFTER: Readonly<Record<string, string>> = {
  backup: 'clincher run verify-backup',
  'verify-backup': 'clincher run restore-drill',
  'restore-drill': 'clincher backups drills',
  'dr-drill': 'clincher backups drills',
  'rotate-ssh': 'clincher verify',
  'rotate-backup-key': 'clincher run restore-drill',
  drift: 'clincher run drift-report',
  prune: 'clincher status',
};

function whoWaits({ pairing, server }: RunState): string[] {
  const count = pairing?.requests.length ?? 0;
  if (count === 0) return [];
  const some = count === 1 ? '1 request waits' : `${count} requests wait`;
  return [`${some} to be let in: clincher pairing ls -s ${server}`];
}

/** What a run cannot do for a person stands last, where the eye is. */
const whatEnds = ({ groups }: RunState): string[] =>
  groups
    .flatMap(({ steps }) => steps)
    .filter(({ id }) => id === 'note.revoke')
    .map(({ title }) => title);
