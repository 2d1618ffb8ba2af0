// The vocabulary of reboots: which boot a host is in, and why it should have another. Types only.

/** As one look sees it; times by the host's own clock, milliseconds since 1970. */
export interface BootSeen {
  /** Another with each boot: nothing else tells the old one from the new one. */
  bootId: string;
  nowMs: number;
  /** The kernel that runs. */
  kernel: string;
  /** Those that are installed, as they are named in /boot. */
  installed: string[];
  /** Something says that a reboot is needed, and which packages want it. */
  required?: string[] | undefined;
  /** When a run last told it to reboot, and in which boot that was. */
  left?: { bootId: string; atMs: number } | undefined;
}
