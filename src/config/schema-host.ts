// Keys of the host: `system`, `docker`, `firewall` and `tailscale`.
import * as z from 'zod';
import * as is from './fields.js';
import { text } from './fields.js';
import { port } from './schema-ssh.js';
import { SYSCTL } from './sysctl.js';

const sysctl = () =>
  z
    .record(
      text(is.sysctlKey),
      z.union([text(() => undefined), z.int(), z.null()], {
        error: 'wants a whole number, text, or null to leave it alone',
      }),
    )
    .transform(withDefaults)
    .prefault({})
    .describe(
      'Kernel settings, on top of the defaults: the guide’s four and CIS hardening (src/config/sysctl.ts). `null` leaves a setting alone.',
    );

function withDefaults(own: Record<string, string | number | null>): Record<string, string> {
  const merged: Record<string, string | number | null> = { ...SYSCTL, ...own };
  const kept = Object.entries(merged).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([key, value]) => [key, String(value)]));
}

export const system = () =>
  z.strictObject({
    sysctl: sysctl(),
    ipv6: z
      .boolean()
      .default(true)
      .describe('Whether the server uses IPv6. Default true; false turns it off (guide, Step 2).'),
    time_sync: z
      .boolean()
      .default(true)
      .describe('Keep the clock right by NTP: certificates and tokens fail on a wrong clock. Default true.'),
    unattended_upgrades: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Install security updates by themselves. Default true.'),
        reboot: z.boolean().default(true).describe('Reboot when an update needs it. Default true.'),
        reboot_time: text(is.timeOfDay)
          .default('05:00')
          .describe('When to reboot, HH:MM in the server’s time zone. Default 05:00 (guide, Step 13).'),
      })
      .prefault({})
      .describe('Security updates without a person.'),
  });

export const docker = () =>
  z.strictObject({
    source: z
      .enum(['docker', 'distribution', 'present'])
      .default('docker')
      .describe(
        '`docker`: Docker’s signed APT repository (default); `distribution`: the packages of Debian or Ubuntu; `present`: what is installed already.',
      ),
    apt_repository: text(is.webAddress)
      .default('https://download.docker.com/linux')
      .describe('Where Docker’s APT repository is, for mirrors. Default https://download.docker.com/linux.'),
    dns: z
      .array(text(is.ip))
      .min(1)
      .default(['1.1.1.1', '8.8.8.8'])
      .describe('Name servers of containers. Default 1.1.1.1 and 8.8.8.8 (guide, Step 1).'),
    log_max_size: text(is.size)
      .default('10m')
      .describe('Size at which a container’s log is rotated (k, m, g). Default 10m.'),
    // daemon.json wants a text here, people write a number.
    log_max_file: z
      .union([z.int().min(1).max(100), text(is.fileCount)], { error: 'wants a whole number from 1 to 100' })
      .transform(String)
      .prefault(3)
      .describe('How many rotated logs a container keeps. Default 3.'),
    nofile: z
      .int()
      .min(1024)
      .max(1048576)
      .default(65536)
      .describe('Open files a container may have. Default 65536.'),
  });

export const firewall = () =>
  z.strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('UFW and the rules for published container ports. Default true.'),
    web_sources: z
      .union([z.enum(['cloudflare', 'any', 'none']), z.array(text(is.network)).min(1)])
      .default('cloudflare')
      .describe(
        'Who may reach the web ports: `cloudflare` (its published ranges, default), `any`, `none`, or a list of addresses and networks.',
      ),
    web_ports: z
      .array(port())
      .min(1)
      .default([80, 443])
      .describe('TCP ports of the web. Default 80 and 443.'),
    fail2ban: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Ban addresses that fail to log in. Default true.'),
        max_retry: z.int().min(1).max(100).default(3).describe('Failures before a ban. Default 3.'),
        ban_seconds: z.int().min(1).default(3600).describe('Length of a ban, in seconds. Default 3600.'),
        find_seconds: z
          .int()
          .min(1)
          .default(600)
          .describe('Time in which failures are counted, in seconds. Default 600.'),
      })
      .prefault({})
      .describe('fail2ban on SSH; the admin addresses are never banned.'),
  });

export const tailscale = () =>
  z.strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Join a tailnet (a person confirms it in the browser). Default false.'),
    source: z
      .enum(['tailscale', 'present'])
      .default('tailscale')
      .describe(
        '`tailscale`: Tailscale’s signed APT repository (default); `present`: the tailscaled that is installed already.',
      ),
    ssh_only: z
      .boolean()
      .default(false)
      .describe(
        'Reach SSH over the tailnet alone; the public rule goes once a login over it was proved. Default false.',
      ),
    login_server: text(is.webAddress)
      .optional()
      .describe('Address of an own control server such as Headscale.'),
  });
