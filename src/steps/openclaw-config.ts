// openclaw.config: the guide's settings and OpenClaw's own hardened baseline, in one validated write and one restart.
import { type ConfigNow, configNow, type Values, writeConfig } from '../commands/openclaw-config.js';
import type { Change, HostFile, Server } from '../model.js';
import { pinned } from '../stack/images.js';
import type { Json } from '../stack/openclaw-row.js';
import {
  isSame,
  keysOf,
  mergeConfig,
  OWNED_KEYS,
  resultOf,
  type Setting,
  wantedSettings,
} from '../stack/openclaw-settings.js';
import { defineStep } from './define.js';
import { placeOf } from './place.js';
import { runsStack } from './stack-file-step.js';

export const configPath = ({ stack }: Pick<Server, 'stack'>): string =>
  `${stack.directory}/data/openclaw.json`;

const MODE = '0600';
/** User `node` of the official image. */
const OWNER = '1000:1000';

type Present = Setting & { key: string };

const settingsOf = (want: Server): Setting[] => wantedSettings(want, want.stack.images.openclaw.version);

const present = (settings: readonly Setting[]): Present[] =>
  settings.filter((each): each is Present => each.key !== null);

const valuesOf = (settings: readonly Present[]): Values =>
  Object.fromEntries(settings.map(({ key, value }) => [key, value]));

/** Ours from before that are no longer wanted, and names of another version, which this one would not start with. */
function outdated(now: ConfigNow, wanted: Values, want: Server): string[] {
  const known = keysOf(want.stack.images.openclaw.version);
  return Object.keys(now.values).filter((key) => {
    if (Object.hasOwn(wanted, key) || isFolder(now.values[key], key, known)) return false;
    return !known.has(key) || isSame(now.written?.[key], now.values[key]);
  });
}

/** What was a value in another version holds values of this one. */
const isFolder = (value: Json | undefined, key: string, known: ReadonlySet<string>): boolean =>
  typeof value === 'object' && [...known].some((each) => each.startsWith(`${key}.`));

/** Somebody else has set it: since clincher wrote it, or before clincher ever came. OpenClaw itself keeps `meta`. */
const isByHand = (now: ConfigNow | null, key: string, value: Json): boolean =>
  now !== null &&
  !key.startsWith('meta.') &&
  now.values[key] !== undefined &&
  !isSame(now.values[key], value) &&
  !isSame(now.values[key], now.written?.[key]);

const lines = (keys: readonly string[], values: Values | undefined): string =>
  keys
    .map((key) => (values?.[key] === undefined ? '' : `${key} = ${JSON.stringify(values[key])}\n`))
    .join('');

/** Four digits tell two values apart. */
const short = (text: string): string =>
  text.replace(/«sha256:([0-9a-f]{4})[0-9a-f]{60}»/g, '«secret sha256:$1…»');

/** Where there was none; what OpenClaw or a hand has added since stays on the host, and is known there alone. */
function freshFile(want: Server): HostFile {
  const { config } = mergeConfig({}, settingsOf(want));
  const [owner = '', group = ''] = OWNER.split(':');
  const content = `${JSON.stringify(config, null, 2)}\n`;
  return { path: configPath(want), content, mode: MODE, owner, group };
}

function planConfig(now: ConfigNow | null, want: Server): Change[] {
  const wanted = valuesOf(present(settingsOf(want)));
  const set = Object.entries(wanted).filter(([key, value]) => !isSame(now?.values[key], value));
  const remove = now === null ? [] : outdated(now, wanted, want);
  const isShut = now?.mode === MODE && now.owner === OWNER;
  if (set.length + remove.length === 0 && isShut) return [];
  const path = configPath(want);
  const overwrites = set.some(([key, value]) => isByHand(now, key, value));
  const keys = [...set.map(([key]) => key), ...remove];
  const head = (mode: string, owner: string): string => `# mode ${mode} owner ${owner}\n`;
  const before = now === null ? '' : head(now.mode, now.owner) + lines(keys, now.values);
  const after = head(MODE, OWNER) + lines(keys, wanted);
  const count = `${set.length} setting${set.length === 1 ? '' : 's'}${remove.length > 0 ? `, ${remove.length} taken back` : ''}`;
  const what = `${now === null ? 'create' : 'update'} ${path}: ${count}${overwrites ? ' (edited by hand)' : ''}`;
  const patch = { set: Object.fromEntries(set), remove, written: wanted };
  const run = [writeConfig(path, pinned(want, 'openclaw'), patch, placeOf(want))];
  const diff = { path, before: short(before), after };
  const file = now === null ? { file: freshFile(want) } : {};
  return [{ what, diff, ...file, run, ...(overwrites ? { overwrites } : {}) }];
}

export const openclawConfig = defineStep({
  id: 'openclaw.config',
  title: 'OpenClaw is configured as the guide means it, in the keys that its version has',
  why: 'Half of the guide’s settings have other names in the real software, and a setting that is refused protects nothing.',
  source: 'guide Steps 5 to 8; docs.openclaw.ai/gateway/security; docs/guide-corrections.md',
  after: ['openclaw.soul', 'openclaw.personas', 'openclaw.skills'],
  timeoutMs: 15 * 60_000,
  wanted: runsStack,
  facts: (want) => ({ config: configNow(configPath(want), OWNED_KEYS, placeOf(want).settings) }),
  plan: ({ config }, want) => planConfig(config, want),
  notes: ({ config }, want) =>
    settingsOf(want).flatMap((setting) => {
      const { name, key, word, reason } = resultOf(setting, config?.values[setting.key ?? '']);
      if (word === 'renamed') return [`renamed: ${name} is ${key}`];
      return word === 'unsupported' ? [`unsupported: ${name}: ${reason}`] : [];
    }),
});
