// What the page's script and its server say to each other. Types only.

export interface SeenGate {
  server: string;
  runbook: string;
  run: string;
  gate: string;
  openedAt: string;
  kind: string;
  title: string;
  instructions: string[];
  links: string[];
  /** What may be answered; none where a secret is asked for. */
  words: readonly string[];
  /** Where a secret goes. */
  ref?: string | undefined;
  shape?: string | undefined;
  /** Public key to which a secret is sealed before it leaves the browser. */
  sealTo?: string | undefined;
  note?: string | undefined;
  deadline?: string | undefined;
  onTimeout?: string | undefined;
  diff?: string[] | undefined;
  /** Of a failed step: what happened, what was seen, what mends it. */
  failure?: string[] | undefined;
  /** The same from a terminal. */
  command: string;
}

export interface SeenRun {
  server: string;
  runbook: string;
  run: string;
  status: string;
  startedAt: string;
  /** Titles of steps that run now. */
  now: string[];
}

export interface Seen {
  gates: SeenGate[];
  /** Absent where the link is to one gate. */
  runs?: SeenRun[] | undefined;
}

export interface Answer {
  run: string;
  gate: string;
  openedAt: string;
  /** One of the words; empty with a secret. */
  value: string;
  sealed?: string | undefined;
}

export interface Receipt {
  accepted: boolean;
  reason?: string | undefined;
}

export interface Refused {
  error: { code: string; message: string; remedy: readonly string[] };
}
