// What keeps a service from being as its files say: reasons in words, none when it runs and is healthy.
import type { Container } from '../commands/containers.js';
import type { StackService } from '../stack/services.js';

export function reasons(want: StackService, there: readonly Container[]): string[] {
  const { service, container, part, image } = want;
  const now = there.find(({ name }) => name === container);
  if (now === undefined) return [`${service} is missing`];
  if (now.state !== 'running') return [`${service} is ${now.state}`];
  if (now.health !== 'healthy') return [`${service} is ${now.health || 'without a health check'}`];
  if (now.labels['clincher.part'] !== part) return [`${service} runs with older files`];
  return now.image === image ? [] : [`${service} runs another image`];
}
