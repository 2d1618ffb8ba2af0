// Coded errors of backups and of their copies elsewhere: the part of errors.ts that is theirs.
import { type ErrorKind, kind } from './error-kind.js';

export const BACKUP_ERRORS = {
  BACKUP_FAILED: kind(
    1,
    false,
    'A backup was not made, or not read; those of before are as they were.',
    'clincher logs {run}',
    'clincher backups ls -s {server}',
  ),
  BACKUP_INVALID: kind(
    1,
    false,
    'A backup cannot be restored as it is: damaged, cut short, swapped, or made for another key.',
    'clincher backups ls -s {server}',
    'clincher run backup -s {server}',
  ),
  BACKUP_NOT_FOUND: kind(1, false, 'There is no such backup.', 'clincher backups ls -s {server}'),
  OFFSITE_FAILED: kind(
    1,
    false,
    'A copy elsewhere was not made; the backup on the server is as it was, and the server tries again every hour.',
    'look at its own words above: the address, the keys, the room there',
    'clincher run backup -s {server}',
  ),
  OFFSITE_DIFFERS: kind(
    1,
    false,
    'A copy elsewhere was not as it had been sent; it was sent anew. Somebody else can write or remove there.',
    'make new keys at the far end, which may not remove, and store them: clincher secrets set',
    'clincher run verify-backup -s {server}',
  ),
  OFFSITE_UNREACHABLE: kind(
    5,
    false,
    'The far end of the copies does not answer the server, or refuses it; what lies there is not known.',
    'look at its own words above: the address, the keys, the network of the server',
    'clincher verify -s {server} --only kept.offsite',
  ),
  MEMORY_FAILED: kind(
    1,
    false,
    'The memory was not indexed, or old conversations were not taken out; every file of it is as it was, and so is the index of before.',
    'look at its own words above: does LiteLLM take the embeddings? clincher run smoke -s {server}',
    'clincher run memory -s {server}',
  ),
} as const satisfies Record<string, ErrorKind>;
