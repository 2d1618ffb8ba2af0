// One image that gives way to another, as an upgrade is told of it.
import type { Swap } from '../../src/model.js';

export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const image = (version: string, letter: string) => ({
  ...{ repository: 'ghcr.io/openclaw/openclaw', version, digest: digest(letter) },
});
export const SWAP: Swap = {
  ...{ image: 'openclaw', service: 'openclaw', container: 'openclaw', from: '2026.3.13', to: '2026.9.6' },
  before: { openclaw: image('2026.3.13', 'a') },
  after: { openclaw: image('2026.9.6', 'b') },
  ...{ folders: ['data'], rehearsal: '/var/lib/clincher/drill/opt/openclaw', others: [] },
};
