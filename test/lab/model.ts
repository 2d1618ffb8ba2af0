// The words of the lab: what kinds of hosts there are and what can be done to one.

export const distros = ['debian12', 'debian13', 'ubuntu24'] as const;
export type Distro = (typeof distros)[number];

/** `service`: ssh.service listens. `socket`: ssh.socket does and starts sshd, as on Ubuntu 24.04. */
export const sshModes = ['service', 'socket'] as const;
export type SshMode = (typeof sshModes)[number];

export interface LabSpec {
  name: string;
  distro?: Distro | undefined;
  sshMode?: SshMode | undefined;
  /** Last part of the address: 10.66.0.N. */
  octet?: number | undefined;
  memory?: string | undefined;
}

export interface ExecResult {
  stdout: string;
  stderr: string;
  code: number;
}

export interface LabHost {
  name: string;
  distro: Distro;
  sshMode: SshMode;
  address: string;
  address6?: string;
  /** OpenSSH fingerprints (`SHA256:…`) of its host keys, ed25519 first, read from the container itself. */
  hostKeys: string[];
  /** Runs a shell line inside without ssh: an independent view. */
  exec(line: string, o?: { timeoutMs?: number; input?: string }): Promise<ExecResult>;
  reboot(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Pulls the network cable. */
  disconnect(): Promise<void>;
  connect(): Promise<void>;
  remove(): Promise<void>;
}
