// The skills that the model is offered, by the gateway's own word: exactly those that a person has read.
import { type Skill, skills as skillsFact } from '../commands/openclaw.js';
import type { Server } from '../model.js';
import { bundledOf, skillsOf } from '../stack/pins.js';
import { defineCheck, rerun, runsGateway, unless } from './define.js';
import { within } from './facts.js';

/** Seconds on an idle host; several times that on a small one that is busy. */
const PATIENCE_SECONDS = 240;

const EXTRA = 'openclaw-extra';
const BUNDLED = 'openclaw-bundled';

/** One of the same name elsewhere comes before ours: where it is from counts, not only what it is called. */
function isWanted({ name, source }: Skill, server: Server): boolean {
  if (source === EXTRA) return skillsOf(server).some((pin) => pin.name === name);
  return source === BUNDLED && bundledOf(server).includes(name);
}

const missing = (found: readonly Skill[], server: Server): string[] =>
  skillsOf(server)
    .filter((pin) => !found.some(({ name, source }) => name === pin.name && source === EXTRA))
    .map(({ name }) => `${name} is configured, and the gateway does not know it`);

const unfit = (found: readonly Skill[], server: Server): string[] =>
  found
    .filter((skill) => !skill.isOffered && skill.source === EXTRA && isWanted(skill, server))
    .map(
      ({ name, lacks }) =>
        `${name} is not offered${lacks.length > 0 ? `: it lacks ${lacks.join(', ')}` : ''}`,
    );

export const skills = defineCheck({
  id: 'verify.skills',
  title: 'The model is offered the skills that were vetted, and no other',
  why: 'A skill is a text that the model obeys. OpenClaw takes them from seven places, and an empty list of bundled ones lets all of them in.',
  source: 'guide Step 5.1; https://docs.openclaw.ai/tools/skills',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ skills: within(PATIENCE_SECONDS, skillsFact) }),
  judge({ skills: found }, server) {
    const offered = found.filter(({ isOffered }) => isOffered);
    return unless(
      [
        ...offered
          .filter((skill) => !isWanted(skill, server))
          .map(({ name, source }) => `${name} (${source}) is offered, and nobody vetted it`),
        ...missing(found, server),
        ...unfit(found, server),
      ],
      `offered: ${offered.map(({ name }) => name).join(', ') || 'none'}`,
      rerun(server, 'openclaw.*'),
    );
  },
});
