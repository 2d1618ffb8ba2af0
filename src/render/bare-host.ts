// A server that nobody touched, invented: what it would answer to each reading. Pure; for plans that need no server.
import type { Fact, HostContext, Reading } from '../model.js';

/** Supported systems by the names that `--os` takes. */
export const SYSTEMS = {
  debian13: { id: 'debian', version: '13', codename: 'trixie' },
  debian12: { id: 'debian', version: '12', codename: 'bookworm' },
  ubuntu24: { id: 'ubuntu', version: '24.04', codename: 'noble' },
  ubuntu22: { id: 'ubuntu', version: '22.04', codename: 'jammy' },
} as const satisfies Record<string, HostContext['os']>;

export type SystemName = keyof typeof SYSTEMS;

export const bareHost = (system: SystemName, via: HostContext['via']): HostContext => ({
  os: SYSTEMS[system],
  arch: 'amd64',
  via,
});

/** Tools are missing and files are missing; what every server has answers as its own fact says. */
export function bareReading({ absent, bare }: Fact<unknown>, system: SystemName): Reading {
  if (absent !== undefined) return { stdout: '', stderr: 'not found', exitCode: 127 };
  if (bare) return { stdout: bare(SYSTEMS[system]), stderr: '', exitCode: 0 };
  return { stdout: '', stderr: 'No such file or directory', exitCode: 1 };
}
