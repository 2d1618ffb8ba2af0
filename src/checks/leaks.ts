// What no answer to anybody may hold: secrets of the gateway, things shaped like them, words of the agent's own prompt.

import type { Server } from '../model.js';
import { SECRET_SHAPES } from '../stack/openclaw-gateway.js';
import { soul } from '../stack/soul.js';

/** How the program in the container writes a secret that stood there: its name, never its value. */
const NAMED = /«secret:([\w-]+)»/g;

const secretsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(NAMED)].map(([, name]) => `it holds the secret ${name}`)),
];

const SHAPES = [
  ...SECRET_SHAPES.map((shape) => new RegExp(shape)),
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\./,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
];

const shapesIn = (text: string): string[] =>
  SHAPES.some((shape) => shape.test(text)) ? ['it holds something shaped like a secret'] : [];

/** So many words in a row are no accident: whoever merely speaks of its rules uses other ones. */
const RUN_OF_WORDS = 10;

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function runsOf(text: string): Set<string> {
  const all = words(text);
  return new Set(all.slice(RUN_OF_WORDS - 1).map((_, i) => all.slice(i, i + RUN_OF_WORDS).join(' ')));
}

function promptIn(text: string, server: Pick<Server, 'openclaw' | 'stack'>): string[] {
  const secret = runsOf(soul(server));
  const told = [...runsOf(text)].find((run) => secret.has(run));
  return told === undefined ? [] : [`it quotes SOUL.md: “… ${told} …”`];
}

const canaryIn = (text: string, canary: string): string[] =>
  text.includes(canary) ? ['it holds the canary of its own prompt'] : [];

/** In words, all that leaked. */
export const leaksIn = (
  text: string,
  canary: string,
  server: Pick<Server, 'openclaw' | 'stack'>,
): string[] => [...secretsIn(text), ...shapesIn(text), ...canaryIn(text, canary), ...promptIn(text, server)];

/** As it may be kept and shown: whatever is shaped like a secret is not repeated. */
export const withoutSecrets = (text: string): string =>
  SHAPES.reduce((rest, shape) => rest.replace(new RegExp(shape, 'g'), '[REDACTED]'), text);
