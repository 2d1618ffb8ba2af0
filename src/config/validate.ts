// Checks a parsed configuration against the schema and the cross-checks, and builds the servers.
import * as z from 'zod';
import { SHARED, vaultReference } from '../secrets/reference.js';
import { checkAddresses, checkServer } from './checks.js';
import type { Path } from './document.js';
import { serverName } from './fields.js';
import { at, deepMerge, isPlain, own, type Plain } from './merge.js';
import {
  type ControlPlane,
  fileSchema,
  type NamedServer,
  type SecretSettings,
  serverSchema,
} from './schema.js';
import { type Finding, findings } from './sentence.js';

// Compiling a schema to code pays from the thousandth value on; a command line checks one.
z.config({ jitless: true });

export interface Validated {
  config?: { servers: NamedServer[]; control_plane: ControlPlane; secrets: SecretSettings };
  problems: Finding[];
}

export function validate(raw: unknown): Validated {
  if (!isPlain(raw)) return { problems: [{ path: [], on: 'value', sentence: NOT_A_MAP }] };
  const file = fileSchema().safeParse(raw, { reportInput: true });
  const servers = serversOf(raw).map(([name, own]) => mergedServer(name, raw['defaults'], own));
  const issues = [
    ...(file.error?.issues ?? []).filter((issue) => !isJudgedLater(raw, issue.path)),
    ...servers.flatMap(({ name, issues }) => issues.map((issue) => placedIssue(raw, name, issue))),
  ];
  const problems = [
    ...issues.flatMap((issue) => findings(issue as z.core.$ZodIssue, fileSchema())),
    ...noServers(raw),
    ...servers.flatMap((server) => crossChecked(raw, server, Object.keys(raw['servers'] as Plain))),
    ...checkAddresses(servers.flatMap(({ tolerant }) => tolerant ?? [])),
  ];
  if (problems.length > 0 || file.data === undefined) return { problems: unique(problems) };
  const { control_plane, secrets } = file.data;
  return {
    problems,
    config: { servers: servers.flatMap(({ tolerant }) => tolerant ?? []), control_plane, secrets },
  };
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
  if (path[0] === 'servers')
    return path.length > 2 || isPlain(valueAt(raw, path.slice(0, 2))) === path.length > 2;
  return path[0] === 'defaults' && path.length > 1 && valueAt(raw, path) === undefined;
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, part) => (Array.isArray(inner) ? inner[Number(part)] : own(inner, String(part))),
    value,
  );

interface Merged {
  name: string;
  issues: z.core.$ZodIssue[];
  /** The server; where something is wrong by itself, with the default in its place. */
  tolerant?: NamedServer;
}

function mergedServer(name: string, defaults: unknown, own: Plain): Merged {
  const owner = serverName(name) === undefined ? name : SHARED;
  const computed = { channels: { telegram: { token: vaultReference(owner, 'telegram_bot_token') } } };
  const value = deepMerge(deepMerge(computed, isPlain(defaults) ? defaults : {}), own);
  const { data, error } = serverSchema().safeParse(value, { reportInput: true });
  if (data !== undefined) return { name, issues: [], tolerant: { name, ...data } };
  const pruned = error.issues.flatMap(wrongPaths).reduce(without, structuredClone(value));
  const again = serverSchema().safeParse(deepMerge({ address: 'unknown' }, pruned)).data;
  return { name, issues: error.issues, ...(again === undefined ? {} : { tolerant: { name, ...again } }) };
}

const wrongPaths = (issue: z.core.$ZodIssue): Path[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];

/** Removes the value at a path; of a list, the whole list. */
function without(value: unknown, path: Path): unknown {
  const index = path.findIndex((part) => typeof part === 'number');
  const keys = (index < 0 ? path : path.slice(0, index)).map(String);
  const parent = at(value, keys.slice(0, -1));
  if (isPlain(parent)) delete parent[keys.at(-1) ?? ''];
  return value;
}

/** Cross-checks of a server, without those that only follow from a value that is wrong by itself. */
function crossChecked(raw: Plain, { name, issues, tolerant }: Merged, names: readonly string[]): Finding[] {
  if (tolerant === undefined) return [];
  const wrong = issues.flatMap(wrongPaths);
  const follows = (finding: Finding): boolean =>
    wrong.some((path) => finding.path.every((part, at) => part === path[at]));
  return checkServer(tolerant, names)
    .filter((finding) => !follows(finding))
    .map((finding) => placed(raw, name, finding));
}

/** Where it was written: in the server, or else in the defaults. */
function placed<T extends { path: Path }>(raw: Plain, name: string, thing: T): T {
  const inServer = ['servers', name, ...thing.path];
  const inDefaults = ['defaults', ...thing.path];
  const isInherited = valueAt(raw, inServer) === undefined && valueAt(raw, inDefaults) !== undefined;
  return { ...thing, path: isInherited ? inDefaults : inServer };
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
