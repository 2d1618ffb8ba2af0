import { expect, test } from 'vitest';
import { parseSources } from '../../src/commands/apt-sources.js';
import { debianMirrors, debianSources } from './apt-sources.js';

const deb822 = `# a comment
Types: deb deb-src
# http://old.example.org/archive/debian/20250520T000000Z
URIs: http://mirror.example.org/debian/
Suites: bookworm bookworm-updates
Components: main
 contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: https://mirror.example.org/debian-security
Suites: bookworm-security
Components: main

Types: deb
URIs: https://vendor.example.com/apt
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/vendor.gpg

Enabled: no
Types: deb
URIs: http://old.example.org/debian
Suites: bookworm
Components: main
`;

test('deb822: stanzas, folded lines and comments', () => {
  const sources = parseSources('debian.sources', deb822);
  expect(sources).toHaveLength(3);
  expect(sources[0]).toEqual({
    uris: ['http://mirror.example.org/debian/'],
    suites: ['bookworm', 'bookworm-updates'],
    components: ['main', 'contrib'],
    signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
  });
});

test('the mirrors are those of Debian itself, never a third party with the same suite name', () => {
  const vendorFirst = deb822.split('\n\n').toReversed().join('\n\n');
  for (const text of [deb822, vendorFirst]) {
    expect(debianMirrors(parseSources('debian.sources', text))).toEqual({
      main: 'http://mirror.example.org/debian',
      security: 'https://mirror.example.org/debian-security',
    });
  }
});

test('one-line sources: options, comments, disabled and source lines', () => {
  const text = [
    '# deb http://off.example.org/debian bookworm main',
    'deb-src http://mirror.example.org/debian trixie main',
    'deb [arch=amd64 signed-by=/usr/share/keyrings/vendor.gpg] https://vendor.example.com bookworm main',
    'deb  http://mirror.example.org/debian  trixie  main contrib  # ours',
    'deb [ signed-by=/usr/share/keyrings/debian-archive-keyring.gpg ] http://sec.example.org/s trixie-security main',
  ].join('\n');
  expect(debianMirrors(parseSources('sources.list', text))).toEqual({
    main: 'http://mirror.example.org/debian',
    security: 'http://sec.example.org/s',
  });
});

test('a machine that is no Debian names no mirror: none is made up', () => {
  const text = 'deb http://archive.example.org/ubuntu noble main universe';
  expect(debianMirrors(parseSources('sources.list', text))).toBeUndefined();
});

test('what hosts get reads back as what was meant', () => {
  const mirrors = { main: 'http://m/debian', security: 'http://s/debian-security' };
  const sources = parseSources('debian.sources', debianSources('trixie', mirrors));
  expect(sources.map((each) => [each.uris, each.suites])).toEqual([
    [['http://m/debian'], ['trixie', 'trixie-updates']],
    [['http://s/debian-security'], ['trixie-security']],
  ]);
  expect(debianMirrors(sources)).toEqual(mirrors);
});
