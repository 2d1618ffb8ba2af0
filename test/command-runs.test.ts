import { expect, test } from 'vitest';
import { type Runs, runsOf } from '../scripts/command-runs.js';
import { SHOWN } from '../scripts/documented.js';
import { COMMANDS } from '../src/client/grammar/index.js';
import { CATALOG } from '../src/workflows/catalog.js';

const RUNS = runsOf(SHOWN.map(({ typed }) => typed));

/** They need no server; what they do is whole on this machine. */
const HERE =
  /^(?:init|config|docs|steps|runbooks|help|completion|render|secrets|images|audit verify|import ansible|ui)\b/;

/** No proof on a host has them in its words, for this reason. */
const BUT: Readonly<Record<string, string>> = {
  'pairing reject': '2026.9.6 answered the proof’s device, which had the token, at once: none was waiting',
  'run scan-images': 'its registry of holes is the internet’s',
};

const isOnHosts = ({ proofs, tests }: Runs): boolean =>
  proofs.length > 0 || tests.some((file) => file.startsWith('test/real/'));

test('every command is shown somewhere', () => {
  const shown = new Set(RUNS.map(({ command }) => command.replace(/^run .*/, 'run')));
  expect(COMMANDS.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
});

test('every command that a page shows is run: as it stands, or by a test of its own', () => {
  expect(RUNS.length).toBeGreaterThan(COMMANDS.length);
  const unrun = RUNS.filter(
    ({ asShown, proofs, tests }) => !asShown && proofs.length === 0 && tests.length === 0,
  );
  expect(unrun).toEqual([]);
});

test('and on a lab host, if it reaches one', () => {
  const unproved = RUNS.filter((runs) => !HERE.test(runs.command) && !isOnHosts(runs)).map(
    ({ command }) => command,
  );
  expect(unproved).toEqual(Object.keys(BUT));
});

test('one that nobody runs would be found', () => {
  const name = 'doctor';
  expect(CATALOG.length).toBeGreaterThan(0);
  const [found] = runsOf([name]);
  expect(found).toMatchObject({ command: name, asShown: true });
  expect(runsOf(['nothing of ours'])).toEqual([]);
});
