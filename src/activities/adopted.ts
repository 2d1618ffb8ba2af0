// What a control plane is told that no longer has a server.
import type { Owner } from '../commands/owner.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';

/** Whoever adopted it last is the one; another one is told, and does nothing. */
export function adopted({ name }: Server, owner: Owner | null): ClincherError {
  const { who = 'somebody', since = '', reason = '' } = owner ?? {};
  return new ClincherError(
    'ADOPTED',
    `${name} was adopted by another control plane: by ${who} at ${since}${reason === '' ? '' : `, because: ${reason}`}`,
    {
      remedy: [
        'go on there; here `clincher schedule pause` keeps quiet what starts by itself',
        `if that one is lost: clincher adopt -s ${name} --reason "why"`,
      ],
    },
  );
}
