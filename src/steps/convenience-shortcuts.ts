// convenience.shortcuts: login shells know `oc-status` and the like; where they are turned off, they know them no more.
import { file, fileChange, remove } from '../commands/files.js';
import type { Server } from '../model.js';
import { hasShortcuts } from '../stack/convenience.js';
import { SHORTCUTS_FILE, SHORTCUTS_MARK, shortcutsText } from '../stack/shortcuts.js';
import { change, defineStep } from './define.js';
import { runsStack } from './stack-file-step.js';

const wantedFile = (want: Server) => ({ path: SHORTCUTS_FILE, content: shortcutsText(want), mode: '0644' });

export const convenienceShortcuts = defineStep({
  id: 'convenience.shortcuts',
  title: 'Login shells know `oc-status`, `oc-logs` and the like, where that is wanted',
  why: 'At three in the morning nobody remembers which files make up the stack; a start that forgets one is an outage.',
  source: 'guide Step 11.5',
  wanted: runsStack,
  facts: () => ({ now: file(SHORTCUTS_FILE) }),
  plan({ now }, want) {
    if (hasShortcuts(want)) return fileChange(now, wantedFile(want));
    // One that somebody wrote after the guide is theirs.
    if (!now?.content.startsWith(SHORTCUTS_MARK)) return [];
    return [change(`remove ${SHORTCUTS_FILE}`, { command: remove(SHORTCUTS_FILE) })];
  },
});
