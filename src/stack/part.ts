// The label by which compose sees that something changed of what a service is made of: its definition or a mounted file.
import { createHash } from 'node:crypto';

export const PART_LABEL = 'clincher.part';

/** A change of the files alone would otherwise leave the container as it is, with the files of yesterday. */
export const partOf = (definition: object, files: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([definition, ...files]))
    .digest('hex');
