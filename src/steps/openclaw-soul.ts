// openclaw.soul: the rules stand where OpenClaw reads them into every prompt.
import { type OwnedFile, ownedChange, ownedFiles } from '../commands/owned-files.js';
import type { Server } from '../model.js';
import { GATEWAY_USER } from '../stack/services-gateway.js';
import { soul, soulPath } from '../stack/soul.js';
import { defineStep } from './define.js';
import { runsStack } from './stack-file-step.js';

const file = (want: Server): OwnedFile => ({
  path: soulPath(want),
  content: soul(want),
  mode: '0600',
  owner: GATEWAY_USER,
  group: GATEWAY_USER,
});

export const openclawSoul = defineStep({
  id: 'openclaw.soul',
  title: 'The agent’s rules are in every prompt',
  why: 'Outside the workspace SOUL.md is never read: the guide’s file in the folder above it reaches no model.',
  source: 'guide Step 5; https://docs.openclaw.ai/concepts/agent-workspace',
  after: [],
  wanted: runsStack,
  facts: (want) => ({ files: ownedFiles([file(want)]) }),
  plan: ({ files }, want) => ownedChange(files.get(soulPath(want)), file(want)),
});
