// Tokens stand for secret values in the texts of files: «secret://prod/litellm_master_key».
import type { SecretRef, Server, StackSettings } from '../model.js';

/** The activity puts the value in its place, on the way to the host. */
export const token = (ref: SecretRef): string => `«${ref}»`;

/** Whose secrets, and whose copies of backups: a standby has those of the server whose place it takes. */
export const ownerOf = ({ name, standby_for }: { name: string; standby_for?: string | undefined }): string =>
  standby_for ?? name;

/** One that clincher itself makes, by its name in src/secrets/internal.ts; those of a partition begin with its name. */
export const internal = (
  server: Pick<Server, 'name' | 'standby_for'> & { stack?: Pick<StackSettings, 'partition'> },
  name: string,
): SecretRef => {
  const { partition } = server.stack ?? {};
  return `secret://${ownerOf(server)}/${partition === undefined ? '' : `${partition}_`}${name}`;
};

const TOKEN = /«((?:secret:\/\/|env:|file:|exec:)[^«»]*)»/g;

/** The references in these texts, each once. */
export const secretsIn = (texts: readonly string[]): SecretRef[] => [
  ...new Set(texts.flatMap((text) => [...text.matchAll(TOKEN)].map(([, ref]) => ref ?? ''))),
];
