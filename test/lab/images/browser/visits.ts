// What a proof has a browser do, and what comes back.
export interface Visit {
  /** Absent: the page stays. */
  url?: string;
  /** Runs in the page; its value comes back. */
  script: string;
}

export interface Visited {
  width: number;
  height: number;
  visits: Visit[];
}

export interface Seen {
  value: unknown;
  html: string;
  /** PNG, base64. */
  png: string;
}
