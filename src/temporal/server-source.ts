// Where the Temporal server comes from: configured, kept, on PATH, cached, downloaded or built; the first that there is.
import { ClincherError } from '../errors.js';
import { cachedServer } from './cache.js';
import { buildFromModules } from './go-build.js';
import { readJson, writeJson } from './json-file.js';
import { cliOnPath, isUsable } from './local-cli.js';
import { inState } from './paths.js';
import { configuredProfile, type Profile } from './profile.js';
import { downloadCli } from './sdk-download.js';

export type LocalSource =
  | { kind: 'cli'; path: string; version: string }
  | { kind: 'modules'; server: string; ui: string; version: string };

export type ServerSource = ({ kind: 'external' } & Profile) | LocalSource;

export type Say = (line: string) => void;

/** Either a server, or a short reason why there is none. */
export type Look = (say: Say) => Promise<LocalSource | string>;

export interface Seams {
  external: () => Promise<Profile | undefined>;
  /** What this state folder runs already: another version would not find its histories. */
  kept: Look;
  onPath: Look;
  cached: Look;
  download: Look;
  build: Look;
}

const ORDER = ['kept', 'onPath', 'cached', 'download', 'build'] as const;

const TAKEN: Record<(typeof ORDER)[number], string> = {
  kept: 'as before',
  onPath: 'found on PATH',
  cached: 'from the cache',
  download: 'downloaded by the SDK',
  build: 'built from its Go modules',
};

export async function findServer(say: Say, seams: Seams = realSeams): Promise<ServerSource> {
  const profile = await seams.external();
  if (profile) {
    say(`Temporal: ${profile.address}, namespace ${profile.namespace} (${profile.source}).`);
    return { kind: 'external', ...profile };
  }
  return findLocalServer(say, seams);
}

export async function findLocalServer(
  say: Say,
  seams: Omit<Seams, 'external'> = realSeams,
): Promise<LocalSource> {
  const reasons: string[] = [];
  for (const name of ORDER) {
    const found = await seams[name](say);
    if (typeof found !== 'string') {
      say(`Temporal: server ${found.version}, ${TAKEN[name]} (${describeSource(found)}).`);
      return found;
    }
    if (found) reasons.push(found);
  }
  throw notAvailable(reasons);
}

export const describeSource = (source: LocalSource): string =>
  source.kind === 'cli' ? source.path : `official modules, ${source.server}`;

const sourceFile = () => inState('source.json');

export const keepSource = (source: LocalSource): void => writeJson(sourceFile(), source);

const realSeams: Seams = {
  external: () => configuredProfile(),
  kept: async () => {
    const kept = readJson<LocalSource>(sourceFile());
    return kept && (await isUsable(kept)) ? kept : '';
  },
  onPath: cliOnPath,
  cached: cachedServer,
  download: downloadCli,
  build: buildFromModules,
};

const notAvailable = (reasons: string[]) =>
  new ClincherError('TEMPORAL_NOT_AVAILABLE', 'No Temporal server could be found, downloaded or built.', {
    evidence: reasons,
    remedy: [
      'install the temporal CLI (https://docs.temporal.io/cli) and put it on PATH',
      'or install Go 1.26 or newer (https://go.dev/dl), and clincher builds the server itself',
      'or set TEMPORAL_ADDRESS to a Temporal that runs elsewhere (docker compose -f docker-compose.temporal.yml up -d)',
    ],
  });
