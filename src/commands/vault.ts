// A question to the vault beside the configuration, in the form of a reading: the activity answers it, no host does.
import type { Fact, SecretRef } from '../model.js';

/** Ends with 0 where the reference has a value. */
export const internalSecret = (ref: SecretRef): Fact<boolean> => ({
  read: ['vault', 'has', ref],
  parse({ exitCode, stderr }) {
    if (exitCode > 1) throw new Error(stderr);
    return exitCode === 0;
  },
});
