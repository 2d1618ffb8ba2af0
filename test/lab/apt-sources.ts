// Reads the machine's apt sources (deb822 and one-line) and derives Debian's own ones for a release of the lab.

export interface AptSource {
  uris: string[];
  suites: string[];
  components: string[];
  signedBy?: string | undefined;
}

export interface Mirrors {
  main: string;
  security: string;
}

export type Suite = 'bookworm' | 'trixie';

const debianSuites =
  /^(buster|bullseye|bookworm|trixie|forky|sid|stable|testing|unstable|oldstable)(-security)?$/;

/** Where this machine gets Debian from; Debian's own servers where it is not a Debian or does not say. */
export function debianMirrors(sources: readonly AptSource[]): Mirrors {
  const mine = sources.filter(isDebians);
  const uri = (wanted: (suite: string) => boolean): string | undefined =>
    mine.find((source) => source.suites.some(wanted))?.uris.find((each) => /^https?:/.test(each));
  return {
    main: trim(uri((suite) => !suite.endsWith('-security')) ?? 'http://deb.debian.org/debian'),
    security: trim(uri((suite) => suite.endsWith('-security')) ?? 'http://deb.debian.org/debian-security'),
  };
}

/** Third parties use the same suite names: Debian's own are signed by Debian's keyring, or by nothing named. */
function isDebians(source: AptSource): boolean {
  const keyring = !source.signedBy || /debian-archive/.test(source.signedBy);
  return (
    keyring && source.components.includes('main') && source.suites.some((suite) => debianSuites.test(suite))
  );
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

export function parseSources(name: string, text: string): AptSource[] {
  return name.endsWith('.sources') ? parseDeb822(text) : text.split('\n').flatMap(parseLine);
}

function parseDeb822(text: string): AptSource[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  const stanzas = lines.join('\n').split(/\n\s*\n/);
  return stanzas.map(fields).filter(isWanted).map(toSource);
}

function fields(stanza: string): Map<string, string> {
  const unfolded = stanza.replace(/\n[ \t]+/g, ' ');
  const pairs = unfolded.split('\n').map((line) => /^([A-Za-z-]+):\s*(.*)$/.exec(line));
  return new Map(pairs.flatMap((pair) => (pair ? [[pair[1]!.toLowerCase(), pair[2]!.trim()]] : [])));
}

function isWanted(stanza: Map<string, string>): boolean {
  const off = /^(no|false|without|off|disable)$/i.test(stanza.get('enabled') ?? '');
  return !off && words(stanza.get('types')).includes('deb');
}

function toSource(stanza: Map<string, string>): AptSource {
  return {
    uris: words(stanza.get('uris')),
    suites: words(stanza.get('suites')),
    components: words(stanza.get('components')),
    signedBy: stanza.get('signed-by'),
  };
}

/** `deb [arch=amd64 signed-by=/x.gpg] http://host/debian bookworm main contrib` */
function parseLine(line: string): AptSource[] {
  const found = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
  if (!found) return [];
  const [, options = '', uri, suite, components] = found;
  const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(options)?.[1];
  return [{ uris: [uri!], suites: [suite!], components: words(components), signedBy }];
}

function words(text = ''): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function trim(uri: string): string {
  return uri.replace(/\/+$/, '');
}
