// Debian's own sources for a release of the lab, as this machine has them.
import { type AptSource, isDebians, withoutSlash } from '../../src/commands/apt-sources.js';

export interface Mirrors {
  main: string;
  security: string;
}

export type Suite = 'bookworm' | 'trixie';

/** Where this machine gets Debian from; nothing where it is no Debian, or does not say: an image then keeps its own. */
export function debianMirrors(sources: readonly AptSource[]): Mirrors | undefined {
  const mine = sources.filter(isDebians);
  const uri = (wanted: (suite: string) => boolean): string | undefined =>
    mine.find((source) => source.suites.some(wanted))?.uris.find((each) => /^https?:/.test(each));
  const main = uri((suite) => !suite.endsWith('-security'));
  const security = uri((suite) => suite.endsWith('-security'));
  if (main === undefined || security === undefined) return undefined;
  return { main: withoutSlash(main), security: withoutSlash(security) };
}

export function debianSources(suite: Suite, mirrors: Mirrors): string {
  const stanza = (uri: string, suites: string): string =>
    [
      'Types: deb',
      `URIs: ${uri}`,
      `Suites: ${suites}`,
      'Components: main',
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
      '',
    ].join('\n');
  return [
    stanza(mirrors.main, `${suite} ${suite}-updates`),
    stanza(mirrors.security, `${suite}-security`),
  ].join('\n');
}
