// The vocabulary of the host: its Docker, its kernel and clock, its firewall. Types only.
import type { SecretRef } from './model.js';

export interface SshEndpoint {
  address: string;
  port: number;
  user: string;
  /** Accepted host keys as OpenSSH fingerprints, `SHA256:…`. Empty: nothing is accepted. */
  host_keys: string[];
}

export interface SshSettings {
  /** The way in after hardening (guide Step 1: deploy on 9922). */
  user: string;
  port: number;
  host_keys: string[];
  /** How a server that nobody touched is reached: root or the cloud image's user, on 22. */
  first_contact: { user: string; port: number };
  /** Private key file of the operator; absent: the SSH agent alone. */
  identity_file?: string | undefined;
  identity_passphrase?: SecretRef | undefined;
  agent: boolean;
  /** Password for sudo where it is not NOPASSWD yet; travels by stdin. */
  sudo_password?: SecretRef | undefined;
  /** Public keys that may log in as `user`. */
  authorized_keys: string[];
  /** Addresses or CIDRs that may reach the SSH port. */
  admin_addresses: string[];
  jump?: SshEndpoint | undefined;
}

export interface DockerSettings {
  /** `docker`: Docker's signed APT repository; `distribution`: Debian's or Ubuntu's own packages; `present`: whatever is there. */
  source: 'docker' | 'distribution' | 'present';
  /** Where Docker's APT repository is. Configurable for mirrors. */
  apt_repository: string;
  dns: string[];
  log_max_size: string;
  log_max_file: string;
  nofile: number;
}

export interface SystemSettings {
  sysctl: Record<string, string>;
  ipv6: boolean;
  time_sync: boolean;
  unattended_upgrades: { enabled: boolean; reboot: boolean; reboot_time: string };
}

export interface FirewallSettings {
  enabled: boolean;
  /** Who may reach the web ports: `cloudflare` (the pinned ranges), `any`, `none`, or CIDRs. */
  web_sources: 'cloudflare' | 'any' | 'none' | string[];
  web_ports: number[];
  fail2ban: { enabled: boolean; max_retry: number; ban_seconds: number; find_seconds: number };
}
