// The vocabulary of discovery: what a host that somebody set up by hand has, as a configuration would say it. Types only.

export type FoundValue = string | number | boolean | readonly string[];

/** A key of a server, as the host has it. */
export interface Found {
  /** Below the server: `['ssh', 'port']`. */
  key: readonly string[];
  value: FoundValue;
  /** Where it was seen. */
  from: string;
}

/** What has no key, or none that holds: a person's to settle. */
export interface Left {
  name: string;
  place: string;
  why: string;
}

export interface Discovered {
  found: Found[];
  /** What the host has and no key says; absent from workers of before it was told. */
  left?: Left[] | undefined;
  /** What could not be read, in a sentence each. */
  unknown: string[];
}
