// Coded errors of the page of gates: the part of errors.ts that is theirs.
import { type ErrorKind, kind } from './error-kind.js';

export const PAGE_ERRORS = {
  PAGE_OFF: kind(
    2,
    false,
    'The page of gates is off.',
    'in clincher.yaml: control_plane.page: 127.0.0.1:7288, then clincher down && clincher up',
    'clincher gates',
  ),
  PAGE_AWAY: kind(
    4,
    false,
    'No worker serves the page of gates there.',
    'clincher down && clincher up',
    'clincher worker',
    'where the worker is another machine’s: clincher page, on that machine',
  ),
  PAGE_REFUSED: kind(
    2,
    false,
    'The page of gates answers its own address alone, and requests of its own script alone.',
    'open the link as it was sent',
    'clincher page',
  ),
  PAGE_BUSY: kind(4, true, 'The page of gates was asked too often.', 'wait a minute', 'clincher gates'),
  LINK_INVALID: kind(2, false, 'This is no link that the page of gates has made.', 'clincher page'),
  LINK_USED: kind(
    2,
    false,
    'A link opens in one browser, and takes one answer: this one has done so already.',
    'clincher gates',
    'clincher page',
  ),
  LINK_EXPIRED: kind(2, false, 'This link is too old.', 'clincher page'),
} as const satisfies Record<string, ErrorKind>;
