// The ways out for people: who needs each, who answers for it, and how long it stays open.
import { paint, type View } from './style.js';
import { table } from './table.js';
import { safe } from './text.js';
import { ago, duration } from './time.js';

export interface EgressRow {
  domain: string;
  /** `extra`: a person asked for it. */
  kind: 'needed' | 'extra';
  reasons: string[];
  owner?: string | undefined;
  expires?: string | undefined;
  /** The moment that `expires` means. */
  endsAt?: string | undefined;
  /** False: it has expired. */
  isOpen: boolean;
}

export function egressView(server: string, rows: readonly EgressRow[], view: View, at: number): string[] {
  if (rows.length === 0) return [`${server}  nothing is let out`];
  const open = rows.filter(({ isOpen }) => isOpen).length;
  const shut = rows.length - open;
  return [
    `${server}  ${open} ${open === 1 ? 'way' : 'ways'} out${shut > 0 ? `, ${shut} expired` : ''}`,
    ...table([['  DOMAIN', 'FOR', 'OWNER', 'ENDS'], ...rows.map((row) => cells(row, view, at))], view),
    ...(shut > 0 ? [`Shut what has expired at once: clincher run egress -s ${server}`] : []),
  ];
}

const cells = (row: EgressRow, view: View, at: number): string[] => [
  `  ${safe(row.domain)}`,
  `${row.kind === 'extra' ? 'extra: ' : ''}${row.reasons.map(safe).join('; ')}`,
  safe(row.owner ?? ''),
  ends(row, view, at),
];

function ends({ endsAt, isOpen }: EgressRow, view: View, at: number): string {
  if (endsAt === undefined) return '';
  return isOpen
    ? `in ${duration(Date.parse(endsAt) - at)}`
    : paint(view, 'yellow', `expired ${ago(endsAt, at)}`);
}
