// Shortcuts as a login shell reads them: every shell that people have, and no command that the software lacks.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shortcuts, shortcutsText } from '../../src/stack/shortcuts.js';
import { server } from '../steps/fixture.js';

const all = server({ convenience: { shortcuts: true, uploads: true, filebrowser: false } });

const listed = (shell: string): string =>
  spawnSync(shell, ['-c', `eval "$0"\nalias`, shortcutsText(all)], { encoding: 'utf8' }).stdout;

it.each(['sh', 'bash'])('%s takes each of them', (shell) => {
  const known = [...listed(shell).matchAll(/oc-[a-z-]+(?==)/g)].map(([name]) => name).sort();
  expect(known).toEqual(['oc-help', ...shortcuts(all).map(({ name }) => `oc-${name}`)].sort());
});

it('says nothing that the software does not have, and no single compose file', () => {
  expect(shortcutsText(all)).not.toMatch(/openclaw usage|index --verify|doctor --quiet|compose -f /);
});

it('names what a server does not have nowhere', () => {
  const bare = server({ backup: { ...all.backup, enabled: false } });
  const names = shortcuts(bare).map(({ name }) => name);
  expect(names).not.toContain('backup');
  expect(names).not.toContain('uploads');
});
