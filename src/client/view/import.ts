// What an import wrote, and what it could not carry over: each reason once, with the places that it holds for.
import type { Left } from '../../model.js';
import { safe } from './text.js';

export interface Imported {
  path: string;
  servers: readonly string[];
  /** How many were carried over. */
  settings: number;
  left: readonly Left[];
  vault: string;
  stored: readonly string[];
  kept: readonly string[];
  made: readonly string[];
}

interface Around {
  identity: string;
  /** Servers of which no host key is known. */
  unpinned: readonly string[];
}

export function importView(told: Imported, { identity, unpinned }: Around): string {
  const { path, servers, settings, vault, stored, kept, made, left } = told;
  const [first = ''] = servers;
  const lines = [
    `Wrote ${path}: ${settings} settings of ${servers.join(', ')}`,
    `  ${vault}: the vault, with ${stored.length} secrets taken over and ${made.length} made anew`,
    ...(kept.length > 0 ? [`  kept as the vault had them: ${kept.join(', ')}`] : []),
    `  ${identity}: the key to it, yours alone. Keep a copy where you keep passwords`,
    ...(left.length > 0 ? ['', `Not carried over (${left.length}):`, ...reasons(left)] : []),
    '',
    ...unpinned.map(
      (name) => `No host key of ${name} is pinned: put it into servers.${name}.ssh.host_keys first.`,
    ),
    `Next: clincher config check    clincher doctor -s ${first}    clincher plan provision -s ${first}`,
  ];
  return `${lines.join('\n')}\n`;
}

function reasons(left: readonly Left[]): string[] {
  return [...new Set(left.map(({ why }) => why))].flatMap((reason) => [
    `  ${safe(reason)}`,
    ...left.filter(({ why }) => why === reason).map(({ place, name }) => `    ${safe(place)} ${safe(name)}`),
  ]);
}
