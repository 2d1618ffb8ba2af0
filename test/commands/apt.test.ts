import { describe, expect, it } from 'vitest';
import { render } from '../../src/activities/script.js';
import * as apt from '../../src/commands/apt.js';
import { answer } from './answer.js';

describe('installed', () => {
  const { parse } = apt.installed(['ufw', 'rsync']);

  it('counts whole packages alone', () => {
    const text = 'ufw installed 0.36.2-9\nrsync half-configured 3.4.1\nchrony config-files \n';
    expect([...parse(answer(text, 1, 'dpkg-query: no packages found matching sudo'))]).toEqual([
      ['ufw', '0.36.2-9'],
    ]);
  });

  it('does not take a broken dpkg for an empty host', () => {
    expect(() => parse(answer('', 2, 'dpkg-query: error: failed to open package info file'))).toThrow(
      'failed to open',
    );
  });
});

it('finds candidates, and what nobody has', () => {
  const text =
    'ufw:\n  Installed: (none)\n  Candidate: 0.36.2-9\n  Version table:\nghost:\n  Installed: (none)\n  Candidate: (none)\n';
  expect([...apt.candidates(['ufw', 'ghost', 'unheard-of']).parse(answer(text))]).toEqual([
    ['ufw', '0.36.2-9'],
  ]);
});

it('keeps the order of settings, since the last one counts', () => {
  const text =
    'APT::Periodic::Unattended-Upgrade "0";\nAPT::Periodic::Unattended-Upgrade "1";\nUnattended-Upgrade::Origins-Pattern:: "origin=Debian";\n';
  expect(apt.settings(['APT::Periodic::']).parse(answer(text)).at(-1)).toEqual([
    'Unattended-Upgrade::Origins-Pattern::',
    'origin=Debian',
  ]);
});

it('says what is broken in a line', () => {
  const stdout =
    'Reading package lists...\nYou might want to run apt --fix-broken install.\n a : Depends: b but it is not installed\n';
  expect(apt.broken.parse(answer(stdout, 100, 'E: Unmet dependencies.'))).toBe(
    'a : Depends: b but it is not installed E: Unmet dependencies.',
  );
  expect(apt.broken.parse(answer('Reading package lists...\n'))).toBe('');
});

it('never removes a package to make room, and restarts no daemon behind our back', () => {
  const words = render(apt.install('ufw').command);
  for (const text of [
    'APT::Get::Remove=false',
    'NEEDRESTART_MODE=l',
    '--force-confold',
    'dpkg --configure -a',
    '--reinstall',
    'DPkg::Lock::Timeout',
  ])
    expect(words).toContain(text);
  expect(words.endsWith(' sh ufw')).toBe(true);
});
