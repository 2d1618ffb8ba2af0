// openclaw.skills: the skills that a person has read, exactly, where the gateway can read and not write them.
import { type FolderWant, folderChange } from '../commands/files.js';
import { dropSkill, putSkill, type SkillNow, skillFolders, vettings } from '../commands/skill-folders.js';
import type { Change, KindedPin, PinnedFile, Server, Vetting } from '../model.js';
import { shortPin, skillsFolder, skillsOf, textOf, vettingOf } from '../stack/pins.js';
import { defineStep } from './define.js';
import { readBy, readContent, unread } from './pinned-content.js';
import { runsStack } from './stack-file-step.js';

/** Of a long skill the beginning of each side: it stands in a history. */
const DIFF_CHARS = 40_000;

const folder = (want: Server): FolderWant => ({
  path: skillsFolder(want),
  mode: '0755',
  owner: 'root',
  group: 'root',
});

const asFiles = ({ files }: SkillNow): PinnedFile[] =>
  files.map(({ path, text }) => ({ path, content: text, isExecutable: false }));

const textNow = (now: SkillNow | undefined): string => (now ? textOf(asFiles(now)).slice(0, DIFF_CHARS) : '');

/** Neither what clincher put there for anybody who had read it, nor nothing at all. */
const isByHand = (now: SkillNow | undefined, known: readonly Vetting[]): boolean =>
  now !== undefined && now.files.length > 0 && !known.some(({ sha256 }) => sha256 === now.sha256);

function put(pin: KindedPin, now: SkillNow | undefined, known: readonly Vetting[], want: Server): Change[] {
  const record = vettingOf(known, pin);
  if (record === undefined) return [unread(pin)];
  if (now?.sha256 === record.sha256 && now.isShut) return [];
  const content = readContent(want, pin, record);
  const overwrites = isByHand(now, known);
  const root = skillsFolder(want);
  const after = textOf(content.files).slice(0, DIFF_CHARS);
  return [
    {
      what: `${now ? 'update' : 'put'} skill ${shortPin(pin)}${overwrites ? ' (edited by hand)' : ''}`,
      diff: { path: `${root}/${pin.name}`, before: textNow(now), after },
      run: [putSkill(root, pin.name, content)],
      ...(overwrites ? { overwrites } : {}),
    },
  ];
}

function drop(name: string, now: SkillNow, known: readonly Vetting[], want: Server): Change {
  const overwrites = isByHand(now, known);
  const root = skillsFolder(want);
  return {
    what: `remove skill ${name}, which is not configured${overwrites ? ' (put there by hand)' : ''}`,
    diff: { path: `${root}/${name}`, before: textNow(now), after: '' },
    run: [dropSkill(root, name)],
    ...(overwrites ? { overwrites } : {}),
  };
}

/** The prompt has name and description of each; the rest is a file, and reading files is for a sandbox. */
const unreadable = (want: Server): string[] =>
  want.openclaw.sandbox === 'off' && skillsOf(want).length > 0
    ? ['the model is told of them and cannot read them: that takes `openclaw.sandbox: docker`']
    : [];

export const openclawSkills = defineStep({
  id: 'openclaw.skills',
  title: 'The agent’s skills are those that a person has read',
  why: 'A skill is a text that the model obeys: whoever can change it commands the agent. One commit, read once, cannot change.',
  source: 'guide Step 5.1; https://docs.openclaw.ai/tools/skills',
  after: [],
  wanted: runsStack,
  pins: skillsOf,
  facts: (want) => ({ now: skillFolders(skillsFolder(want)), vettings }),
  plan({ now, vettings: known }, want) {
    const wanted = skillsOf(want);
    const names = new Set(wanted.map(({ name }) => name));
    const make = now.isThere || wanted.length === 0 ? [] : folderChange(undefined, folder(want));
    const extra = Object.entries(now.skills).filter(([name]) => !names.has(name));
    return [
      ...make,
      ...wanted.flatMap((pin) => put(pin, now.skills[pin.name], known, want)),
      ...extra.map(([name, each]) => drop(name, each, known, want)),
    ];
  },
  notes: ({ vettings: known }, want) => [...readBy(skillsOf(want), known), ...unreadable(want)],
});
