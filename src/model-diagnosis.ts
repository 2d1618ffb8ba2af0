// The vocabulary of a diagnosis: what people notice, what may cause it, the signs of that, and what mends it. Types only.
import type { AnyCheck, CheckResult, GivenSecret, Server, Span, StepPlan } from './model.js';

/** What was found before anything is concluded: verdicts of checks and watches, and what each step would change. */
export interface Findings {
  checks: ReadonlyMap<string, CheckResult>;
  steps: ReadonlyMap<string, StepPlan>;
}

/** One thing that points to a cause. */
export interface Sign {
  /** How much it says: 1 it often goes with it, 2 it is what comes of it, 3 it is the thing itself. */
  weight: number;
  /** Checks, watches and steps that it looks at. */
  reads: readonly string[];
  /** Lines that show it; none: it is not there; undefined: it could not be seen. Pure. */
  see(findings: Findings, server: Server): readonly string[] | undefined;
}

/** A runbook that mends it, as it is begun, and as an operator would type it. */
export interface Repair {
  runbook: string;
  input: {
    only?: string;
    replaceEdited?: boolean;
    isProvedLater?: boolean;
    services?: string[];
    channels?: string[];
    anyway?: boolean;
    given?: GivenSecret;
  };
  command: string;
  /** Its run asks a person for more. */
  asks?: true | undefined;
}

/** One run, and the causes that it is to mend, by their ids. */
export interface Mending {
  causes: string[];
  repair: Repair;
}

/** What may cause a symptom. */
export interface Suspect {
  /** The answer at the gate: `egress-list`. */
  id: string;
  title: string;
  /** Without all of these it is not suspected. */
  needs: readonly Sign[];
  /** These make it likelier. */
  also?: readonly Sign[];
  /** Absent, or none: only a person can mend it. */
  repair?(server: Server): Repair | undefined;
  /** What to look at or to type, besides. */
  byHand?(server: Server): string[];
}

/** One row of the table: what people notice, and what may cause it. */
export interface Diagnosis {
  /** `diagnose.redis` */
  id: string;
  symptom: string;
  why: string;
  source: string;
  /** False: it cannot happen on this server. Absent: it can. */
  wanted?(server: Server): boolean;
  /** Checks that it alone needs. */
  asks?: readonly AnyCheck[];
  suspects: readonly Suspect[];
}

/** A suspect whose signs were seen. */
export interface Cause {
  id: string;
  /** The row that it is of. */
  diagnosis: string;
  symptom: string;
  title: string;
  weight: number;
  evidence: string[];
  repair?: Repair | undefined;
  /** What steps of the repair would change, all of it: also what a hand wrote and nothing points to. */
  changes: string[];
  byHand: string[];
}

export interface Diagnosed {
  /** Likeliest first. */
  causes: Cause[];
  /** The likeliest cause of each symptom, mended by as few runs as can be; without those that ask for more. */
  together?: Mending[] | undefined;
  /** The same for people, then what could not be judged, then what nothing points to. */
  checks: CheckResult[];
  outside: string;
  remote: Span[];
}
