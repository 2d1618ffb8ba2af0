// The likeliest cause of each symptom mended at once: as few runs as can be, since each of them starts services. Pure.
import type { Cause, Mending, Repair, Server } from '../model.js';
import { converge, heal } from './repairs.js';

type Mendable = Cause & { repair: Repair };

/** What asks a person for more is left out: whoever says “all” goes back to bed. */
const isMendable = (cause: Cause): cause is Mendable =>
  cause.repair !== undefined && cause.repair.asks === undefined;

const isFirstOfItsRow = ({ diagnosis }: Cause, at: number, causes: readonly Cause[]): boolean =>
  causes.findIndex((each) => each.diagnosis === diagnosis) === at;

/** Repairs that one run can do are alike in this. */
function kindOf({ id, repair: { runbook, input } }: Mendable): string {
  if (input.isProvedLater) return 'steps';
  return input.services === undefined ? id : runbook;
}

const unique = (words: readonly string[]): string[] => [...new Set(words)];

function joined(alike: readonly Mendable[], server: Server): Repair {
  const [first] = alike as [Mendable];
  if (alike.length === 1) return first.repair;
  const inputs = alike.map(({ repair }) => repair.input);
  const services = inputs.flatMap((input) => input.services ?? []);
  if (services.length > 0) return heal(...services)(server);
  return converge(unique(inputs.flatMap(({ only = '' }) => only.split(','))).join(','))(server);
}

export function together(causes: readonly Cause[], server: Server): Mending[] {
  const likeliest = causes.filter(isFirstOfItsRow).filter(isMendable);
  return unique(likeliest.map(kindOf)).map((kind) => {
    const alike = likeliest.filter((each) => kindOf(each) === kind);
    return { causes: alike.map(({ id }) => id), repair: joined(alike, server) };
  });
}
