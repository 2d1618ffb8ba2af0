// A command that ends with whoever is looking at it: when its input ends, so does it.
import type { Command } from '../model.js';
import { sh } from './shell.js';

/**
 * sshd leaves a command alone when its connection goes: `docker logs -f` and the like would run on for ever. The input,
 * which nobody writes to, is the leash. What watches it lets go of both outputs, or sshd would wait for it.
 */
const LEASHED = `exec 3<&0
"$@" </dev/null 3<&- & command=$!
{ cat <&3; kill "$command"; } >/dev/null 2>&1 & watch=$!
wait "$command"; code=$?
kill "$watch" 2>/dev/null
exit "$code"`;

export const leashed = (...words: string[]): Command => sh(LEASHED, ...words);
