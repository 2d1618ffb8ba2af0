// What an audit export holds, and what became of it, in a few lines.
import type { AuditSound } from '../../audit/verify.js';
import type { AuditUnread } from '../../model.js';
import { safe } from './text.js';

export interface Exported {
  runs: number;
  hostLines: number;
  unread: Omit<AuditUnread, 'kind'>[];
  /** Hash of the last line that is signed. */
  head: string;
  publicKey: string;
  fingerprint: string;
}

const counted = (runs: number, hostLines: number): string =>
  `${runs} ${runs === 1 ? 'run' : 'runs'}, ${hostLines} ${hostLines === 1 ? 'line' : 'lines'} of servers’ own logs`;

export const exportedView = (
  { runs, hostLines, fingerprint, publicKey }: Exported,
  file: string,
): string[] => [
  `${safe(file)}: ${counted(runs, hostLines)}`,
  `signed with ${fingerprint}`,
  `public key  ${publicKey}`,
  `Whoever gets it checks it with: clincher audit verify ${safe(file)} --key ${fingerprint}`,
];

export const unreadView = ({ unread }: Pick<Exported, 'unread'>): string[] =>
  unread.map(
    ({ server, code, message }) => `${server}: its own log is not in it: ${safe(message)} (${code})`,
  );

export function soundView({ header, fingerprint, kinds, count }: AuditSound, file: string): string[] {
  const { servers, from, to, exportedBy, version } = header;
  return [
    `${safe(file)}: sound, ${count} lines`,
    `${counted(kinds.run, kinds.host)}: ${safe(servers.join(', '))}`,
    `${from === '' ? 'from the beginning' : safe(from)} to ${safe(to)}, by ${safe(exportedBy)} with clincher ${safe(version)}`,
    ...(kinds.unread > 0 ? [`servers whose own log could not be read: ${kinds.unread}`] : []),
    `signed with ${fingerprint}`,
  ];
}
