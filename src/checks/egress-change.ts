// A change of the ways out, judged: what each door said before and after, and what its list makes of it.
import type { Answers } from '../commands/egress.js';
import { type Connected, sayingOf } from '../commands/inside.js';
import type { Server } from '../model.js';
import { covers, hostOf } from '../stack/doors.js';
import { egressOf } from './egress.js';
import { REFUSED } from './egress-targets.js';

export interface Lists {
  before: readonly string[];
  after: readonly string[];
}

/** Where a domain is asked for: below a wildcard any name will do; a server of one's own has its own port. */
export function targetOf({ providers }: Pick<Server, 'providers'>, domain: string): string {
  const base = Object.values(providers).find(({ api_base }) => api_base && hostOf(api_base) === domain);
  const host = domain.includes(':') ? `[${domain}]` : domain.replace(/^\*/, 'clincher-probe');
  return `${host}:${portOf(base?.api_base)}`;
}

function portOf(address: string | undefined): string {
  if (address === undefined) return '443';
  const { port, protocol } = new URL(address);
  return port || (protocol === 'http:' ? '80' : '443');
}

/** Every door of both lists, and one that is on neither: a proxy that lets everything out proves nothing. */
export const targetsOf = (server: Server, { before, after }: Lists): string[] => [
  ...new Set([...before, ...after].map((domain) => targetOf(server, domain))),
  REFUSED,
];

export const isListed = (list: readonly string[], domain: string): boolean =>
  list.some((outer) => covers(outer, domain));

export const opened = ({ before, after }: Lists): string[] =>
  after.filter((domain) => !isListed(before, domain));
export const closed = ({ before, after }: Lists): string[] =>
  before.filter((domain) => !isListed(after, domain));
export const kept = ({ before, after }: Lists): string[] =>
  before.filter((domain) => isListed(after, domain));

const told = (target: string, said: Connected | undefined): string =>
  `CONNECT ${target}: the egress proxy ${sayingOf(said ?? {})}${said?.reason ? ` (${said.reason.slice(0, 160)})` : ''}`;

const isLetOut = (said: Connected | undefined): boolean => egressOf(said) === 'allowed';
const isRefused = (said: Connected | undefined): boolean => egressOf(said) === 'denied';

/** What must not be so before the change: it could not be told from what the change does. */
export function unsound(server: Server, lists: Lists, said: Answers): string[] {
  const shut = [REFUSED, ...opened(lists).map((domain) => targetOf(server, domain))];
  return shut
    .filter((target) => !isRefused(said[target]))
    .map((target) => `${told(target, said[target])}, and is to be refused before the change`);
}

/** What must not be so after it. `strict`: who answered before has to answer still. */
export function broken(
  server: Server,
  lists: Lists,
  { before, after }: { before: Answers; after: Answers },
  { strict = true } = {},
): string[] {
  const at = (domain: string): string => targetOf(server, domain);
  const opens = opened(lists).map(at);
  // Whoever was refused and is not meant stays refused: where a change was undone, that is the door it had opened.
  const refused = Object.keys(before).filter(
    (target) => isRefused(before[target]) && !opens.includes(target),
  );
  const open = [...new Set([...closed(lists).map(at), ...refused])].filter(
    (target) => !isRefused(after[target]),
  );
  const shut = opens.filter((target) => !isLetOut(after[target]));
  const worse = kept(lists)
    .map(at)
    .filter((target) => isWorse(before[target], after[target], strict));
  return [
    ...open.map((target) => `${told(target, after[target])}, and is to be refused`),
    ...shut.map((target) => `${told(target, after[target])}, and is to be let out`),
    ...worse.map((target) => `${told(target, after[target])}; before, it ${sayingOf(before[target] ?? {})}`),
  ];
}

function isWorse(before: Connected | undefined, after: Connected | undefined, strict: boolean): boolean {
  if (isLetOut(before) && !isLetOut(after)) return true;
  if (after?.status === undefined) return true;
  return strict && before?.status === 200 && after.status !== 200;
}

/** What became of it, in words. */
export function outcome(server: Server, lists: Lists, after: Answers): string[] {
  const others = kept(lists).length;
  const nobody = (domain: string): string =>
    after[targetOf(server, domain)]?.status === 200 ? '' : ', though nobody answers there';
  return [
    ...opened(lists).map((domain) => `${domain}: refused before, let out now${nobody(domain)}`),
    ...closed(lists).map((domain) => `${domain}: on the list before, refused now`),
    `${others === 1 ? 'the other way out is' : `${others} others are`} as before`,
  ];
}
