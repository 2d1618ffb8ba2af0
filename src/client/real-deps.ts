// The world as commands meet it outside tests; the ways to it are loaded when they are taken.
import type { Ask, Deps } from './deps.js';

const asked = async (): Promise<Ask> => (await import('./ask.js')).terminalAsk;

export const realDeps: Deps = {
  openSession: async (io, options) => (await import('./connect.js')).openSession(io, options),
  reach: async (...given) => (await import('./reach.js')).openReach(...given),
  ask: {
    confirm: async (...given) => (await asked()).confirm(...given),
    text: async (...given) => (await asked()).text(...given),
    secret: async (...given) => (await asked()).secret(...given),
    select: async (...given) => (await asked()).select(...given),
  },
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
