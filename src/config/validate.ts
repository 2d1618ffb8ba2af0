// Checks a parsed configuration against the schema and the cross-checks, and builds the servers.
import * as z from 'zod';
import { checkAddresses, checkServer } from './checks.js';
import { checkWatching } from './checks-monitoring.js';
import { checkStandbys, primaryOf } from './checks-standby.js';
import type { Path } from './document.js';
import { isPlain, type Plain, valueAt } from './merge.js';
import { type ControlPlane, fileSchema, type NamedServer, type SecretSettings } from './schema.js';
import { type Finding, findings } from './sentence.js';
import { type Merged, mergedServer, UNKNOWN, wrongPaths } from './server-merge.js';

// Compiling a schema to code pays from the thousandth value on; a command line checks one.
z.config({ jitless: true });

export interface Validated {
  config?: { servers: NamedServer[]; control_plane: ControlPlane; secrets: SecretSettings };
  problems: Finding[];
}

export function validate(raw: unknown): Validated {
  if (!isPlain(raw)) return { problems: [{ path: [], on: 'value', sentence: NOT_A_MAP }] };
  const file = fileSchema().safeParse(raw, { reportInput: true });
  const servers = serversOf(raw).map(([name, own]) =>
    mergedServer(name, raw['defaults'], own, primaryOf(raw, name)),
  );
  const known = servers.flatMap(({ tolerant }) => (tolerant?.address === UNKNOWN ? [] : (tolerant ?? [])));
  const issues = [
    ...(file.error?.issues ?? []).filter((issue) => !isJudgedLater(raw, issue.path)),
    ...servers.flatMap(({ name, issues }) => issues.map((issue) => placedIssue(raw, name, issue))),
  ];
  const problems = [
    ...issues.flatMap((issue) => findings(issue as z.core.$ZodIssue, fileSchema())),
    ...noServers(raw),
    ...servers.flatMap((server) => crossChecked(raw, server, Object.keys(raw['servers'] as Plain))),
    ...checkAddresses(known),
    ...checkWatching(known).map((each) => placed(raw, each.server, each.finding)),
    ...checkStandbys(
      serversOf(raw),
      servers.flatMap(({ tolerant }) => tolerant ?? []),
    ),
  ];
  if (problems.length > 0) return { problems: unique(problems) };
  if (servers.some((server) => server.issues.length > 0)) throw new Error('an issue without a sentence');
  return { problems, config: { servers: servers.flatMap(({ tolerant }) => tolerant ?? []), ...rest(raw) } };
}

/** Not from the parse of the whole file: that fails where a server leaves something to its defaults. */
function rest(raw: Plain): { control_plane: ControlPlane; secrets: SecretSettings } {
  const { control_plane, secrets } = fileSchema().shape;
  return { control_plane: control_plane.parse(raw['control_plane']), secrets: secrets.parse(raw['secrets']) };
}

const NOT_A_MAP = 'holds no configuration; `version: 1` and `servers:` are wanted';

const serversOf = (raw: Plain): [string, Plain][] =>
  Object.entries(isPlain(raw['servers']) ? raw['servers'] : {}).filter((entry): entry is [string, Plain] =>
    isPlain(entry[1]),
  );

function noServers(raw: Plain): Finding[] {
  const servers = raw['servers'];
  if (!isPlain(servers) || Object.keys(servers).length > 0) return [];
  return [{ path: ['servers'], on: 'value', sentence: 'is empty; name at least one server' }];
}

/** What stands in a server, and what `defaults` lacks, is judged after the two were merged. */
function isJudgedLater(raw: Plain, path: Path): boolean {
  if (path[0] === 'servers') return path.length > 2;
  return path[0] === 'defaults' && path.length > 1 && valueAt(raw, path) === undefined;
}

/** Cross-checks of a server, without those that only follow from a value that is wrong by itself. */
function crossChecked(raw: Plain, { name, issues, tolerant }: Merged, names: readonly string[]): Finding[] {
  if (tolerant === undefined) return [];
  const wrong = issues.flatMap(wrongPaths);
  const isWrong = (value: Path): boolean =>
    wrong.some((path) => value.every((part, at) => at >= path.length || part === path[at]));
  const follows = ({ path, from = [] }: Finding): boolean => [path, ...from].some(isWrong);
  return checkServer(tolerant, names)
    .filter((finding) => !follows(finding))
    .map((finding) => placed(raw, name, finding));
}

/** Where it was written: in the server, in the one whose place it takes, or else in the defaults. */
function placed<T extends { path: Path }>(raw: Plain, name: string, thing: T): T {
  const inServer = ['servers', name, ...thing.path];
  const primary = primaryOf(raw, name);
  const others = [...(primary ? [['servers', primary.name]] : []), ['defaults']];
  const isThere = (path: Path): boolean => valueAt(raw, path) !== undefined;
  const elsewhere = others.map((place) => [...place, ...thing.path]).find(isThere);
  return { ...thing, path: isThere(inServer) ? inServer : (elsewhere ?? inServer) };
}

/** Unknown keys of the defaults were found there already. */
function placedIssue(raw: Plain, name: string, issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'unrecognized_keys') return placed(raw, name, issue);
  const path = ['servers', name, ...issue.path];
  return { ...issue, path, keys: issue.keys.filter((key) => valueAt(raw, [...path, key]) !== undefined) };
}

function unique(problems: Finding[]): Finding[] {
  const key = ({ path, sentence }: Finding): string => JSON.stringify([path.map(String), sentence]);
  return [...new Map(problems.map((problem) => [key(problem), problem])).values()];
}
