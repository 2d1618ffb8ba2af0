// Skills and personas as the stack sees them: where they stand, what identifies a content, which bundled skills are let in.
import { createHash } from 'node:crypto';
import type { KindedPin, Pin, PinnedContent, PinnedFile, Server, Vetting } from '../model.js';

/** Where the gateway finds vetted skills: a mount that it cannot write. */
export const SKILLS_MOUNT = '/opt/clincher/skills';

type Openclaw = Pick<Server, 'openclaw'>;
type Stack = Pick<Server, 'stack'>;

// A run that an older version began knows of none of these.
export const skillsOf = ({ openclaw }: Openclaw): KindedPin[] => kinded('skill', openclaw.skills);
export const personasOf = ({ openclaw }: Openclaw): KindedPin[] => kinded('persona', openclaw.personas);
export const pinsOf = (server: Openclaw): KindedPin[] => [...skillsOf(server), ...personasOf(server)];

const kinded = (kind: KindedPin['kind'], pins: readonly Pin[] | undefined): KindedPin[] =>
  (pins ?? []).map((pin) => ({ ...pin, kind }));

export const skillsFolder = ({ stack }: Stack): string => `${stack.directory}/skills`;

/** In the workspace, as SOUL.md: of other files nothing reaches the prompt. */
export const identityPath = ({ stack }: Stack): string => `${stack.directory}/data/workspace/IDENTITY.md`;

/** An empty list lets every bundled skill in, so it never is: this name belongs to none. */
const NONE = 'none';

export const allowedBundled = (server: Openclaw): string[] => {
  const allowed = bundledOf(server);
  return allowed.length === 0 ? [NONE] : allowed;
};

/** Every skill that the model may be offered, by name. */
export const offered = (server: Openclaw): string[] => [
  ...skillsOf(server).map(({ name }) => name),
  ...bundledOf(server),
];

export const bundledOf = ({ openclaw }: Openclaw): string[] => openclaw.bundled_skills ?? [];

export const pinKey = ({ source, commit, path }: Pick<Pin, 'source' | 'commit' | 'path'>): string =>
  `${source}@${commit}:${path}`;

/** As people read it: seven digits tell commits apart. */
export const shortPin = ({ name, commit }: Pick<Pin, 'name' | 'commit'>): string =>
  `${name} at ${commit.slice(0, 7)}`;

/** The host computes the same of what stands there (commands/skill-folders.ts). */
export function contentHash(files: readonly PinnedFile[]): string {
  const lines = files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, content, isExecutable }) => `${path}\0${isExecutable ? 1 : 0}\0${sha256(content)}\n`);
  return sha256(lines.join(''));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The record of exactly this pin; another commit, path or source is another text. */
export const vettingOf = (vettings: readonly Vetting[], pin: KindedPin): Vetting | undefined =>
  vettings.findLast(
    (each) => each.kind === pin.kind && each.name === pin.name && pinKey(each) === pinKey(pin),
  );

/** All files as one text, for people. */
export const textOf = (files: readonly PinnedFile[]): string =>
  files.map(({ path, content }) => `=== ${path}\n${content}${content.endsWith('\n') ? '' : '\n'}`).join('\n');

/** OpenClaw cuts a file of the workspace at 20000 characters, and with it a persona's last words. */
export const IDENTITY_LIMIT = 18_000;

const HEADING = `# How you speak and work

SOUL.md stands above everything here: where one of these texts says otherwise, SOUL.md holds.
`;

/** IDENTITY.md, of vetted personas in the order of the configuration. */
export const identity = (personas: readonly { name: string; content: PinnedContent }[]): string =>
  HEADING +
  personas.map(({ name, content }) => `\n## ${name}\n\n${content.files[0]?.content.trim() ?? ''}\n`).join('');
