// Which secrets a server's configuration refers to.
import type { SecretRef, Server } from '../model.js';

export function neededSecrets({ channels }: Server): SecretRef[] {
  return channels.telegram.enabled ? [channels.telegram.token] : [];
}
