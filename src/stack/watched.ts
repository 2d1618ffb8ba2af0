// Which servers are watched, and which watches: read from the configuration alone, old ones of runs in flight included.
import type { SecretRef, Server, Watched } from '../model.js';

type Parts = Pick<Server, 'role' | 'stack' | 'monitoring'>;

/** A standby runs nothing that could be read. */
export const isWatched = ({ role, stack, monitoring }: Parts): boolean =>
  role === 'primary' && stack.enabled && monitoring?.monitor !== undefined;

/** Runs that began before there was monitoring know nothing of whom they watch. */
export const isMonitor = ({ role, watched }: Pick<Server, 'role' | 'watched'>): boolean =>
  role === 'monitor' && watched !== undefined;

export const watchedBy = ({ watched }: Pick<Server, 'watched'>): Watched[] => watched ?? [];

/** What the monitor shows at the door. */
export const doorToken = (name: string): SecretRef => `secret://${name}/metrics_token`;

/** Key and certificate of the door, in one text. */
export const doorTls = (name: string): SecretRef => `secret://${name}/metrics_tls`;

/** The name in the certificate: the door answers to no other. */
export const doorName = (name: string): string => `${name}.metrics.clincher`;
