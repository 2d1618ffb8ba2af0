// The vocabulary of pairing: who waits to be let in, and what a person decided about one of them. Types only.

export interface PairingRequest {
  /** By which a person names it: the code that the bot gave, or the device's request id. */
  id: string;
  /** People write to a bot; devices (browsers, command lines, phones) would operate the gateway. */
  kind: 'person' | 'device';
  /** `telegram`, `discord`, `slack`; `device` for devices. */
  channel: string;
  /** Who is let in: the sender's id at the channel, or the device's id. */
  subject: string;
  /** What they call themselves: nobody has checked it. */
  name: string;
  /** What a device may do then: its role and scopes. */
  asks: string[];
  requestedAt: string;
  /** From then on OpenClaw knows nothing of it any more. */
  expiresAt: string;
}

export interface PairingNow {
  /** Oldest first. */
  requests: PairingRequest[];
  /** Ids of devices that may operate the gateway already. */
  pairedDevices: string[];
  /** What could not be asked, with the reason: whether somebody waits there is not known. */
  unknown: string[];
}

/** One decision about one request: there is no word for all of them. */
export interface PairingDecision {
  act: 'approve' | 'reject';
  /** As the person saw it: another one under the same code is not what they agreed to. */
  request: PairingRequest;
}
