// The shape of a discovery: facts of a host, and the keys of a configuration that say the same. It never judges and never acts.
import type { Facts, FactValues, Found, FoundValue, HostContext, Left, Server } from '../model.js';

export interface Discovery<F extends Facts> {
  id: string;
  /** `server` is as little as was needed to log in; `via` is how. */
  facts(server: Server, via: HostContext['via']): F;
  found(facts: FactValues<F>, server: Server, via: HostContext['via']): Found[];
  /** What a person should know of that no key says. */
  left?(facts: FactValues<F>, server: Server, via: HostContext['via']): Left[];
}

// biome-ignore lint/suspicious/noExplicitAny: a list of discoveries holds those of every kind of facts
export type AnyDiscovery = Discovery<any>;

/** Names the types of its facts, so that `found` needs no annotations. */
export const defineDiscovery = <F extends Facts>(discovery: Discovery<F>): Discovery<F> => discovery;

/** Nothing where the host says nothing: then the default holds. */
export const found = (key: string, value: FoundValue | undefined, from: string): Found[] =>
  value === undefined ? [] : [{ key: key.split('.'), value, from }];
