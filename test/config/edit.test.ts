// One value of clincher.yaml is changed, and whatever else a person has written there stays to the byte.
import { describe, expect, it } from 'vitest';
import { valueIn, withValue } from '../../src/config/edit.js';

const PATH = ['servers', 'prod', 'stack', 'images', 'openclaw', 'version'];
const FILE = `# ours
version: 1
servers:
  prod: # the one that counts
    address:   203.0.113.7
    stack: { images: { openclaw: { version:   2026.3.13 } } }   # pinned
`;

describe('a value that is there', () => {
  it('is replaced in its place', () => {
    const text = withValue(FILE, PATH, '2026.9.6');
    expect(text).toBe(FILE.replace('2026.3.13', '2026.9.6'));
    expect(withValue(text, PATH, '2026.3.13')).toBe(FILE);
  });
  it('is text for whoever reads it, whatever it looks like', () => {
    for (const version of [
      '1.10',
      '2',
      '7.4.0-v3',
      'main-v1.81.3-stable',
      'v1',
      '2026.9.6@sha256:ab',
      'true',
    ])
      expect(valueIn(withValue(FILE, PATH, version), PATH)).toBe(version);
  });
});

describe('a value that is not there', () => {
  const bare = 'version: 1\nservers:\n  prod:\n    address: 203.0.113.7 # here\n';
  it('is added, with the maps around it, and comments stay', () => {
    const text = withValue(bare, PATH, '2026.9.6');
    expect(valueIn(text, PATH)).toBe('2026.9.6');
    expect(text).toContain('203.0.113.7 # here');
  });
  it('and not a blank of the rest is another', () => {
    const odd = 'version:   1\nservers:\n  prod:\n    address:   203.0.113.7   # here\n\n# the end\n';
    const lines = withValue(odd, PATH, '2026.9.6').split('\n');
    expect(odd.split('\n').every((line) => lines.includes(line))).toBe(true);
  });
  it('is taken out again with them', () => {
    expect(withValue(withValue(bare, PATH, '2026.9.6'), PATH, undefined)).toBe(bare);
  });
});
