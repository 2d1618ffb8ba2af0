// Coded errors of an operator at a server: the part of errors.ts that is theirs.
import { type ErrorKind, kind } from './error-kind.js';

export const OPERATOR_ERRORS = {
  NOT_NOTED: kind(
    1,
    false,
    'What was to be done cannot be noted on the server, so it was not done.',
    'clincher doctor -s {server}',
  ),
  NOT_COPIED: kind(1, false, 'A file was not copied; what was at its place is as it was.'),
  PORT_TAKEN: kind(
    1,
    false,
    'Another program on this machine has the port.',
    'choose another one: --port 18790',
  ),
} as const satisfies Record<string, ErrorKind>;
