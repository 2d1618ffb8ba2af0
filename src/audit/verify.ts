// Is an audit export as it was written? Names the first line that is not, and what became of it. Pure: asks nobody.
import type { AuditFooter, AuditHeader, AuditLink, AuditRecord } from '../model.js';
import { canonical, FORMAT, hashOf, statement } from './chain.js';
import { isSignedBy, keyFingerprint } from './key.js';

export type AuditFault =
  | 'edited'
  | 'removed'
  | 'inserted'
  | 'moved'
  | 'cut short'
  | 'not signed'
  | 'other key';

export interface AuditBroken {
  isSound: false;
  fault: AuditFault;
  /** From 1, as editors count; the first that is wrong. */
  line: number;
  why: string;
}

export interface AuditSound {
  isSound: true;
  header: AuditHeader;
  fingerprint: string;
  /** Lines of each kind. */
  kinds: Record<AuditRecord['kind'], number>;
  count: number;
}

type Line = AuditRecord & AuditLink;

/** `key`: the public key or its fingerprint, from elsewhere; without it nobody knows who has signed. */
export function verifyAudit(text: string, key?: string): AuditSound | AuditBroken {
  const { lines, tail } = split(text);
  const read = lines.map(parsed);
  const wrong = firstWrong(read) ?? (tail === '' ? undefined : cutLine(lines.length));
  return wrong ?? judged(read as Line[], key);
}

/** `tail`: what comes after the last end of a line. */
function split(text: string): { lines: string[]; tail: string } {
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  return { lines, tail };
}

const broken = (fault: AuditFault, at: number, why: string): AuditBroken => ({
  ...{ isSound: false, fault, line: at + 1, why },
});

const cutLine = (at: number): AuditBroken => broken('cut short', at, 'the line has no end');

/** Nothing where the line is not, byte for byte, what its own hash stands for. */
function parsed(line: string): Line | undefined {
  try {
    const { sha256, ...record } = JSON.parse(line) as Line;
    return canonical({ ...record, sha256 }) === line && hashOf(record) === sha256
      ? ({ ...record, sha256 } as Line)
      : undefined;
  } catch {
    return undefined;
  }
}

function firstWrong(lines: readonly (Line | undefined)[]): AuditBroken | undefined {
  for (const [at, line] of lines.entries()) {
    if (line === undefined) return broken('edited', at, 'it is not what its hash stands for');
    const wrong = misplaced(lines, at, line) ?? misfit(lines.length, at, line);
    if (wrong) return wrong;
  }
  return undefined;
}

/** Whole in itself, and in the wrong place? */
function misplaced(lines: readonly (Line | undefined)[], at: number, line: Line): AuditBroken | undefined {
  const head = at === 0 ? '' : lines[at - 1]?.sha256;
  if (line.n === at && line.prev === head) return undefined;
  if (line.n === at)
    return broken('edited', at, `it does not follow the line above: one of the two is another’s`);
  const stands = lines.findIndex((other) => other?.n === at);
  if (line.n < at) return broken('inserted', at, `it is line ${line.n + 1} over again, or another’s`);
  if (stands > at)
    return broken('moved', at, `it was line ${line.n + 1}; line ${at + 1} stands at ${stands + 1} now`);
  return broken('removed', at, `lines ${at + 1} to ${line.n} are gone`);
}

const FOOTER = ['count', 'head', 'kind', 'n', 'prev', 'sha256', 'signature'].join();

/** Is it of a kind that may stand here? */
function misfit(count: number, at: number, line: Line): AuditBroken | undefined {
  const isFirst = at === 0;
  if (isFirst !== (line.kind === 'header'))
    return broken(isFirst ? 'removed' : 'inserted', at, `${isFirst ? 'this is no' : 'a second'} header`);
  if (line.kind === 'header' && line.format !== FORMAT)
    return broken('edited', at, `it is of format ${String(line.format)}, not ${FORMAT}`);
  if (line.kind === 'header' && typeof line.publicKey !== 'string')
    return broken('edited', at, 'it has no public key');
  if (line.kind !== 'footer') return undefined;
  if (Object.keys(line).sort().join() !== FOOTER) return broken('edited', at, 'a footer says other things');
  return at === count - 1 ? undefined : broken('inserted', at + 1, 'it stands below the footer');
}

function judged(lines: Line[], key: string | undefined): AuditSound | AuditBroken {
  const [header, footer] = [lines[0], lines.at(-1)];
  if (header?.kind !== 'header' || footer?.kind !== 'footer')
    return broken('cut short', lines.length, 'the footer with the signature is missing');
  const fingerprint = keyFingerprint(header.publicKey);
  if (key !== undefined && key !== fingerprint && key !== header.publicKey)
    return broken('other key', 0, `it is signed with ${fingerprint}, not with the key that was given`);
  return isFooterOf(header, footer, lines.length - 1)
    ? { isSound: true, header, fingerprint, kinds: kindsOf(lines), count: lines.length }
    : broken(
        'not signed',
        lines.length - 1,
        'the signature is not one of these lines by the key of the header',
      );
}

const isFooterOf = ({ publicKey }: AuditHeader, footer: AuditFooter & AuditLink, count: number): boolean =>
  footer.count === count &&
  footer.head === footer.prev &&
  isSignedBy(publicKey, statement(footer), footer.signature);

function kindsOf(lines: readonly Line[]): AuditSound['kinds'] {
  const kinds = { header: 0, run: 0, host: 0, unread: 0, footer: 0 };
  for (const { kind } of lines) kinds[kind] += 1;
  return kinds;
}
