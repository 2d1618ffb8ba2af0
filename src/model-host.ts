// The vocabulary of the host: its Docker, its kernel and clock, its firewall. Types only.

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
