// A service of the stack by its name, or by that of its container, as clincher.yaml has them.
import { nearest } from '../config/nearest.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { type StackService, services } from '../stack/services.js';

export function serviceNamed(view: Server, name: string): StackService {
  const all = services(view);
  const found = all.find(({ service, container }) => service === name || container === name);
  if (found) return found;
  const names = all.map(({ service }) => service);
  const guess = nearest(name, names);
  throw new ClincherError('USAGE', `${view.name} has no service ${name}.`, {
    remedy: [guess ? `did you mean ${guess}?` : `one of ${names.join(', ')}`],
  });
}
