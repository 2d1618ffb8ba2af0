// Where APT fetches from, as its files say: deb822 and one-line (sources.list(5)). Pure.
import type { Fact } from '../model.js';
import { sh } from './shell.js';

export interface AptSource {
  uris: string[];
  suites: string[];
  components: string[];
  signedBy?: string | undefined;
}

const debianSuites =
  /^(buster|bullseye|bookworm|trixie|forky|sid|stable|testing|unstable|oldstable)(-security)?$/;

/** Third parties use the same suite names: Debian's own are signed by Debian's keyring, or by nothing named. */
export function isDebians(source: AptSource): boolean {
  const keyring = !source.signedBy || /debian-archive/.test(source.signedBy);
  return (
    keyring && source.components.includes('main') && source.suites.some((suite) => debianSuites.test(suite))
  );
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

export const withoutSlash = (uri: string): string => uri.replace(/\/+$/, '');

const NAME = /^==> (\S+) <==$/m;

/** All files, each below its name; `$1` is left out. */
const CAT = `for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
if [ -f "$f" ] && [ "$f" != "$1" ]; then printf '\\n==> %s <==\\n' "$f"; cat "$f"; fi
done`;

/**
 * Debian's archive as the host's own sources name it, a mirror or a list of mirrors (`mirror+file:`, as Debian's cloud
 * images have it); null where they name none. `except`: a file of ours, which says what this said once.
 */
export const debianArchive = (except: string): Fact<string | null> => ({
  read: sh(CAT, except),
  bare: ({ codename }) =>
    `==> /etc/apt/sources.list <==\ndeb http://the-mirror-of-this-server.invalid/debian ${codename} main\n`,
  parse({ stdout }) {
    const [, ...parts] = stdout.split(NAME);
    const sources = parts.flatMap((name, i) => (i % 2 === 0 ? parseSources(name, parts[i + 1] ?? '') : []));
    const found = sources
      .filter(isDebians)
      .find(({ suites }) => suites.some((each) => !each.endsWith('-security')));
    const uri = found?.uris.find((each) => !each.startsWith('cdrom:'));
    return uri === undefined ? null : withoutSlash(uri);
  },
});
