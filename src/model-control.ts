// The vocabulary of a control plane on a server of its own, and of the move to it. Types only.
import type { Server } from './model.js';

/** What a monitor knows of the control plane that may be put on it. */
export interface ControlHost {
  /** Of worker and codec, by digest. */
  image: string;
}

/** A private key of this machine, and where it will lie on the other. */
export interface CarriedKey {
  from: string;
  to: string;
}

/** What goes from one control plane to another. Frozen at the start, but for the vault, which is read when it is carried. */
export interface Move {
  /** All of clincher.yaml, in its order, the one that takes them over among them. */
  servers: Server[];
  /** By which schedules are known here: the path of clincher.yaml. */
  owner: string;
  /** clincher.yaml as it is to stand there. */
  config: string;
  /** clincher.lock.yaml; empty where there is none. */
  lock: string;
  keys: CarriedKey[];
  /** Public keys that open the plane’s own backups, of people who are not on that server. */
  recipients: string[];
}

/** What is known of the control plane over there. */
export interface PlaneSeen {
  /** The name by which servers know it; absent where no worker runs. */
  plane?: string | undefined;
  /** Servers that are its own already. */
  owned: string[];
}
