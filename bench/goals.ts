// Each goal with the figure that it is about, and whether it is met.
import { digits, percent, seconds } from './numbers.js';
import type { Results } from './results.js';
import { stayingUpGoals } from './staying-up.js';

export interface Goal {
  what: string;
  wanted: string;
  is: string;
  met: boolean;
}

export const goals = (results: Results): Goal[] => [
  ...secondRunGoals(results),
  ...counterGoals(results),
  ...firstRunGoals(results),
  ...startupGoals(results),
  ...memoryGoals(results),
  ...stackGoals(results),
  ...dayTwoGoals(results),
  ...stayingUpGoals(results),
];

const goal = (what: string, wanted: string, is: string, met: boolean): Goal => ({ what, wanted, is, met });

function secondRunGoals({ 'second-run': measured }: Results): Goal[] {
  if (!measured) return [];
  const { ratios, aboveThreeFloorsMs } = measured.data;
  const times = (ratio: { median: number }): string => `${digits(ratio.median)} times`;
  return [
    goal('second run: Ansible ÷ clincher', 'at least 20', times(ratios.ansible), ratios.ansible.median >= 20),
    goal('second run: pyinfra ÷ clincher', 'at least 3', times(ratios.pyinfra), ratios.pyinfra.median >= 3),
    goal(
      'second run: clincher beyond three times the floor',
      'at most 0.5 s',
      `${(aboveThreeFloorsMs.median / 1000).toFixed(2)} s`,
      aboveThreeFloorsMs.median <= 500,
    ),
  ];
}

function counterGoals({ counters: measured }: Results): Goal[] {
  if (!measured) return [];
  const { activitiesPerChecklist, roundTripsPerChecklist, events } = measured.data;
  return [
    goal(
      'activities a converged checklist',
      '1',
      String(activitiesPerChecklist),
      activitiesPerChecklist === 1,
    ),
    goal(
      'round trips a converged checklist',
      '1',
      String(roundTripsPerChecklist),
      roundTripsPerChecklist === 1,
    ),
    goal('history of a converged run', 'at most 60 events', `${events}`, events <= 60),
  ];
}

function firstRunGoals({ 'first-run': measured }: Results): Goal[] {
  if (!measured) return [];
  const { events, ownShare } = measured.data;
  return [
    goal('history of a first run', 'at most 800 events', `${events}`, events <= 800),
    goal('clincher’s own share of a first run', 'at most 5 %', percent(ownShare), ownShare <= 0.05),
  ];
}

function startupGoals({ startup: measured }: Results): Goal[] {
  if (!measured) return [];
  const { help, status } = measured.data;
  return [
    goal('`clincher --help`', 'at most 0.2 s', seconds(help.median), help.median <= 200),
    goal(
      '`clincher status`, control plane up',
      'at most 1.5 s',
      seconds(status.median),
      status.median <= 1500,
    ),
  ];
}

function memoryGoals({ memory: measured }: Results): Goal[] {
  if (!measured) return [];
  const { growth, runs } = measured.data;
  return [
    goal(
      `worker’s memory after ${runs} runs against 20`,
      'within 20 %',
      percent(growth),
      Math.abs(growth) <= 0.2,
    ),
  ];
}

function stackGoals(results: Results): Goal[] {
  const settings = results['openclaw-settings']?.data;
  const second = results['stack-second-run']?.data;
  const up = results['services-up']?.data;
  return [
    ...(settings
      ? [
          goal(
            'OpenClaw’s hardening: one call a setting ÷ clincher',
            'at least 15',
            `${digits(settings.ratio)} times`,
            settings.ratio >= 15,
          ),
        ]
      : []),
    ...(second
      ? [
          goal(
            'second run of a whole stack: beyond the floor of its probes',
            'at most 3 s',
            seconds(second.beyondMs.median),
            second.beyondMs.median <= 3_000,
          ),
        ]
      : []),
    ...(up
      ? [
          goal(
            'from a hardened host to healthy services: clincher ÷ `docker compose up`',
            'at most 1.15',
            `${digits(up.ratio.median)} times`,
            up.ratio.median <= 1.15,
          ),
        ]
      : []),
  ];
}

function dayTwoGoals({ 'day-two': measured }: Results): Goal[] {
  if (!measured) return [];
  const { upgrade, rotation, backup, drill } = measured.data;
  const times = ({ ratio }: { ratio: { median: number } }): string => `${digits(ratio.median)} times`;
  const fastness = 1 / backup.ratio.median;
  return [
    goal(
      'upgrade: gateway away ÷ its own restart',
      'at most 1.15',
      times(upgrade),
      upgrade.ratio.median <= 1.15,
    ),
    goal(
      'upgrade: gateway away',
      'at most 30 s',
      seconds(upgrade.clincher.median),
      upgrade.clincher.median <= 30_000,
    ),
    goal(
      'token rotated: gateway away ÷ its own restart',
      'at most 1',
      times(rotation),
      rotation.ratio.median <= 1,
    ),
    goal('backup: speed ÷ `tar | age`', 'at least 0.8', `${digits(fastness)} times`, fastness >= 0.8),
    goal(
      'backup of a GiB: worker’s memory',
      'grows by no more than 20 MB',
      `${digits(backup.workerGrowthMb)} MB`,
      backup.workerGrowthMb <= 20,
    ),
    goal('restore drill ÷ restore and boot by hand', 'at most 1.3', times(drill), drill.ratio.median <= 1.3),
  ];
}
