// The table of contents: what is discovered on a host that somebody set up by hand.
import type { AnyDiscovery } from './define.js';
import { discoverDocker } from './docker.js';
import { discoverFirewall } from './firewall.js';
import { discoverSsh } from './ssh.js';
import { discoverStack } from './stack.js';
import { discoverSystem } from './system.js';

export const DISCOVERIES: readonly AnyDiscovery[] = [
  // The way in that works stays the way in.
  discoverSsh,
  discoverSystem,
  discoverDocker,
  discoverFirewall,
  discoverStack,
];
