// What activities do about hosts that were set up by hand.
import type { Discovered, Server, Span } from '../model.js';

export interface DiscoverResult {
  discovered: Discovered;
  remote: Span[];
}

export interface DiscoverActivities {
  /** What such a host has, as a configuration would say it. Changes nothing. */
  discover(input: { server: Server }): Promise<DiscoverResult>;
}
