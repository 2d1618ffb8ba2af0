// openclaw.permissions: conversations, tokens and logs of the gateway are for the gateway alone.
import { action, sh } from '../commands/shell.js';
import type { Fact, Server } from '../model.js';
import { GATEWAY_USER } from '../stack/services-gateway.js';
import { change, defineStep } from './define.js';
import { runsStack } from './stack-file-step.js';

const roots = ({ stack: { directory } }: Server): string[] => [
  `${directory}/data`,
  `${directory}/secrets/openclaw`,
];

/** A state of years has many files, and one is enough to say so. */
const SHOWN = 20;

/** Files and folders that somebody else may open, or that the gateway does not own; `mode uid path` each. */
const open = (want: Server): Fact<string[]> => ({
  read: sh(
    `u=$1; shift; for d in "$@"; do [ ! -d "$d" ] || find "$d" ! -type l \\( -perm /077 -o ! -uid "$u" \\) -printf '%m %U %p\\n'; done 2>/dev/null | head -n ${SHOWN}`,
    GATEWAY_USER,
    ...roots(want),
  ),
  parse: ({ stdout }) => stdout.split('\n').filter(Boolean),
});

/** By us and not by the software's own --fix, which changes what it likes. */
const shut = (want: Server) =>
  sh(
    'u=$1; shift; for d in "$@"; do [ ! -d "$d" ] || { chown -Rh -- "$u:$u" "$d" && chmod -R go-rwx -- "$d"; }; done',
    GATEWAY_USER,
    ...roots(want),
  );

export const openclawPermissions = defineStep({
  id: 'openclaw.permissions',
  title: 'State, logs and tokens of the gateway are for its own user alone',
  why: 'They hold every conversation in the clear; older versions make their log for all to read.',
  source: 'guide Step 5; https://docs.openclaw.ai/gateway/security',
  after: ['openclaw.config', 'openclaw.state'],
  wanted: runsStack,
  facts: (want) => ({ open: open(want) }),
  plan({ open: found }, want) {
    if (found.length === 0) return [];
    const count = found.length === SHOWN ? `${SHOWN} or more` : String(found.length);
    const what = `shut ${count} files and folders below ${want.stack.directory}`;
    return [
      {
        ...change(what, action(...shut(want))),
        diff: { path: 'open', before: `${found.join('\n')}\n`, after: '' },
      },
    ];
  },
});
