// Cross-checks of `convenience`: a page needs somebody who shows it, over TLS.
import type { NamedServer } from './schema.js';
import { type Finding, finding } from './sentence.js';

export const checkConvenience = ({ convenience, proxy }: NamedServer): Finding[] =>
  convenience.filebrowser && proxy.kind !== 'caddy'
    ? [
        finding(
          'convenience.filebrowser',
          `needs \`proxy.kind: caddy\`, which shows it to the web; with \`${proxy.kind}\` nothing does: take \`convenience.uploads\` and scp`,
        ),
      ]
    : [];
