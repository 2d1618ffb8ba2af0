// openclaw.personas: the personas that a person has read stand in IDENTITY.md, below the rules of SOUL.md.
import { remove } from '../commands/files.js';
import { type OwnedFile, ownedChange, ownedFiles } from '../commands/owned-files.js';
import { action } from '../commands/shell.js';
import { vettings } from '../commands/skill-folders.js';
import type { Server, Vetting } from '../model.js';
import { IDENTITY_LIMIT, identity, identityPath, personasOf, vettingOf } from '../stack/pins.js';
import { GATEWAY_USER } from '../stack/services-gateway.js';
import { change, defineStep } from './define.js';
import { readBy, readContent, unread } from './pinned-content.js';
import { runsStack } from './stack-file-step.js';

const file = (want: Server, content: string): OwnedFile => ({
  path: identityPath(want),
  content,
  mode: '0600',
  owner: GATEWAY_USER,
  group: GATEWAY_USER,
});

function text(want: Server, known: readonly Vetting[]): string {
  const personas = personasOf(want).flatMap((pin) => {
    const record = vettingOf(known, pin);
    return record ? [{ name: pin.name, content: readContent(want, pin, record) }] : [];
  });
  const whole = identity(personas);
  if (whole.length > IDENTITY_LIMIT)
    throw new Error(
      `the personas are ${whole.length} characters together, and OpenClaw cuts off what is beyond ${IDENTITY_LIMIT}; choose fewer`,
    );
  return whole;
}

export const openclawPersonas = defineStep({
  id: 'openclaw.personas',
  title: 'The agent’s personas are those that a person has read',
  why: 'IDENTITY.md is in every prompt. A text that changes at its source would change the agent overnight.',
  source: 'guide Step 5.1; https://docs.openclaw.ai/concepts/agent-workspace',
  after: [],
  wanted: runsStack,
  pins: personasOf,
  facts: (want) => ({ files: ownedFiles([file(want, '')]), vettings }),
  plan({ files, vettings: known }, want) {
    const now = files.get(identityPath(want));
    const wanted = personasOf(want);
    if (wanted.length === 0)
      return now?.isOurs
        ? [change(`remove ${identityPath(want)}`, action(...remove(identityPath(want))))]
        : [];
    const waiting = wanted.filter((pin) => vettingOf(known, pin) === undefined);
    if (waiting.length > 0) return waiting.map(unread);
    return ownedChange(now, file(want, text(want, known)));
  },
  notes: ({ vettings: known }, want) => readBy(personasOf(want), known),
});
