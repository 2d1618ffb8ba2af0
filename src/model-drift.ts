// The vocabulary of drift that a person lets be. Types only.

/** Kept on the host: it is about this host, whoever looks at it next and from where. */
export interface Acceptance {
  step: string;
  /** Of everything that differed: what differs otherwise is asked about again. */
  sha256: string;
  who: string;
  when: string;
}
