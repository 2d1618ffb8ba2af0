// What a machine can see in a text that a model will obey, by the points of the guide's list. It only points: a person judges. Pure.
import type { PinFinding, PinnedFile, Server } from '../model.js';
import { letsOut } from '../stack/egress-acl.js';

/** What turns, hides or joins letters on a screen, and the tags by which a text can be smuggled into another. */
const HIDDEN =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff]|[\u{e0000}-\u{e007f}]/u;
const COMMENT = /<!--/;
const BLOB = /[A-Za-z0-9+/]{120,}={0,2}|(?:\\x[0-9a-f]{2}){16,}/i;
const COMMANDS =
  /\b(?:curl|wget|nc|ncat|ssh|scp|bash -c|sh -c|eval|exec|chmod \+x|sudo|rm -rf|base64 -d|powershell|pip3? install|npm (?:i|install)|npx|docker run|crontab)\b|\|\s*(?:ba|z)?sh\b|\bos\.system\b|\bsubprocess\b|child_process|\bfetch\(|\brequests\.(?:get|post)\b/i;
const SECRETS =
  /\b(?:api[_ -]?keys?|secrets?|passwords?|credentials?|tokens?|\.env|id_rsa|\.ssh|openclaw\.json|secrets\.json)\b/i;
const OVERRIDES =
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines?|polic(?:y|ies)|safety|SOUL)|\b(?:developer|DAN|unrestricted|jailbreak|god) mode\b|\byou are now\b|\bdo not (?:tell|inform|mention|reveal)\b|\bSOUL\.md\b|\bsystem prompt\b/i;
const ADDRESS = /\b(?:https?|wss?|ftp):\/\/([A-Za-z0-9.-]+)/gi;

/** Tools of OpenClaw by the names that a text would call them with. */
const TOOLS =
  /\b(?:web_fetch|web_search|WebFetch|WebSearch|browser|exec|process|apply_patch|sessions_(?:spawn|send)|subagents|cron|gateway|nodes|canvas|computer|message|memory_search)\b/g;

type Look = (line: string, server: Server) => PinFinding[];

const at =
  (point: number, pattern: RegExp, what: string): Look =>
  (line) =>
    pattern.test(line) ? [{ point, line: `${what}: ${shown(line)}` }] : [];

/** Hidden characters by their number, or the finding would hide them again. */
const shown = (line: string): string =>
  line
    .trim()
    .replace(new RegExp(HIDDEN.source, 'gu'), (char) => `<U+${char.codePointAt(0)?.toString(16)}>`)
    .replace(/[\0-\x1f\x7f-\x9f]/g, '?')
    .slice(0, 120);

const LOOKS: readonly Look[] = [
  at(1, HIDDEN, 'characters that no screen shows'),
  at(1, COMMENT, 'a comment, which a rendered page hides'),
  at(1, BLOB, 'data that nobody can read'),
  at(1, COMMANDS, 'runs or fetches something'),
  at(1, SECRETS, 'speaks of secrets'),
  (line) =>
    (line.match(TOOLS) ?? []).map((tool) => ({ point: 2, line: `names the tool ${tool}: ${shown(line)}` })),
  (line, server) =>
    [...line.matchAll(ADDRESS)].map(([, host = '']) => ({
      point: 3,
      line: `${letsOut(server, host.toLowerCase()) ? 'may be reached' : 'is not let out'}: ${host}`,
    })),
  at(6, OVERRIDES, 'may speak against SOUL.md'),
];

/** Enough to decide; the rest is counted. */
const SHOWN = 40;

export function findingsIn(files: readonly PinnedFile[], server: Server): PinFinding[] {
  const found = files.flatMap(({ path, content, isExecutable }) => [
    ...(isExecutable ? [{ point: 1, line: `${path}: may be started as a program` }] : []),
    ...content.split('\n').flatMap((line, i) =>
      LOOKS.flatMap((look) => look(line, server)).map((each) => ({
        point: each.point,
        line: `${path}:${i + 1}: ${each.line}`,
      })),
    ),
  ]);
  if (found.length <= SHOWN) return found;
  return [...found.slice(0, SHOWN), { point: 1, line: `and ${found.length - SHOWN} more` }];
}
