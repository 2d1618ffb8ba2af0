// The table of contents of the command line: every command, in the order in which help lists them.
import { ANSWER } from './answer.js';
import { AUDIT } from './audit.js';
import { EGRESS } from './egress.js';
import { KEEP } from './keep.js';
import { LOOK } from './look.js';
import { OPERATE } from './operate.js';
import { PAIRING } from './pairing.js';
import { REACH } from './reach.js';
import { SCHEDULE } from './schedule.js';
import { SHELL } from './shell.js';
import type { CommandSpec } from './spec.js';
import { START } from './start.js';

export const COMMANDS: readonly CommandSpec[] = [
  ...START,
  ...OPERATE,
  ...ANSWER,
  ...PAIRING,
  ...EGRESS,
  ...SCHEDULE,
  ...LOOK,
  ...REACH,
  ...KEEP,
  ...AUDIT,
  ...SHELL,
];
