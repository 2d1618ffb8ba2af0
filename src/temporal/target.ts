// Which Temporal a client or a worker talks to: the configured one, else the embedded one that runs here.
import { ClincherError } from '../errors.js';
import { configuredProfile, type Profile } from './profile.js';
import { addressOf, livingState, NAMESPACE } from './state.js';

export const EMBEDDED = 'embedded';

export async function target(env: NodeJS.ProcessEnv = process.env): Promise<Profile> {
  const embedded = env['CLINCHER_EMBEDDED_ADDRESS'];
  if (embedded) return embeddedAt(embedded);
  const profile = await configuredProfile(env);
  if (profile) return profile;
  const ports = livingState()?.ports;
  if (ports) return embeddedAt(addressOf(ports));
  throw new ClincherError(
    'TEMPORAL_UNREACHABLE',
    'No Temporal is configured, and the embedded one does not run.',
  );
}

const embeddedAt = (address: string): Profile => ({
  address,
  namespace: NAMESPACE,
  connectionOptions: { address },
  source: EMBEDDED,
});

export const unreachable = (address: string, cause: unknown) =>
  new ClincherError('TEMPORAL_UNREACHABLE', `Temporal at ${address} does not answer.`, {
    cause,
    evidence: [firstLine(cause)],
  });

const firstLine = (error: unknown) => {
  const details = (error as { cause?: { details?: string } }).cause?.details;
  return details || (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
};
