// Tokens stand for secret values in the texts of files: «secret://prod/litellm_master_key».
import type { SecretRef, Server } from '../model.js';

/** The activity puts the value in its place, on the way to the host. */
export const token = (ref: SecretRef): string => `«${ref}»`;

/** One that clincher itself makes, by its name in src/secrets/internal.ts. */
export const internal = (server: Pick<Server, 'name'>, name: string): SecretRef =>
  `secret://${server.name}/${name}`;

const TOKEN = /«((?:secret:\/\/|env:|file:|exec:)[^«»]*)»/g;

/** The references in these texts, each once. */
export const secretsIn = (texts: readonly string[]): SecretRef[] => [
  ...new Set(texts.flatMap((text) => [...text.matchAll(TOKEN)].map(([, ref]) => ref ?? ''))),
];
