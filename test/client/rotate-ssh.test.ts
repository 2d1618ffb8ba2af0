// `run rotate-ssh --key`: real keys of ssh-keygen, and what clincher.yaml says before, while and after.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunState } from '../../src/model.js';
import { DEFAULTS } from '../config/fixture.js';
import { stage } from './stage.js';
import { converged, ended, failed } from './states.js';

const folder = mkdtempSync(join(tmpdir(), 'clincher-keys-'));
const at = (name: string): string => join(folder, name);
const line = (name: string): string => readFileSync(at(`${name}.pub`), 'utf8').trim();
const make = (name: string, passphrase = ''): unknown =>
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', `${name}@home`, '-f', at(name)]);

beforeAll(() => {
  for (const name of ['old', 'next', 'other']) make(name);
  make('locked', 'a passphrase');
});
afterAll(() => rmSync(folder, { recursive: true }));

const config = (ssh: string): string => `${DEFAULTS}servers:
  prod:
    address: 203.0.113.7 # ours
    ssh:
${ssh}`;
const own = (name = 'old'): string => `      identity_file: ${at(name)}
      authorized_keys:
        - ${line(name)} # mine
        - ${line('other')}
`;

const on = (text = config(own()), states: RunState[] = [ended]) => {
  const scene = stage({ config: text, states: { '*': states } });
  return { ...scene, file: () => readFileSync(join(scene.bench.cwd, 'clincher.yaml'), 'utf8') };
};
const words = (...more: string[]) => ['run', 'rotate-ssh', '-s', 'prod', '--yes', ...more];
const kept: RunState = { ...ended, runbook: 'rotate-ssh', sshKey: 'new' };

describe('the file', () => {
  test('names the new key where the old one stood, and nothing else differs', async () => {
    const { run, file, control, io } = on(config(own()), [kept]);
    expect(await run(...words('--key', at('next')))).toBe(0);
    expect(file()).toBe(config(own()).replace(line('old'), line('next')).replace(at('old'), at('next')));
    expect(io.stderr()).toContain('servers.prod.ssh.identity_file is');
    expect(control.asked('start')[0]?.[1]).toMatchObject({
      server: { ssh: { identity_file: at('old') } },
      keys: {
        from: { line: line('old'), identity_file: at('old') },
        to: { line: line('next'), identity_file: at('next') },
        lines: [line('old'), line('other')],
      },
    });
  });

  test('whose keys come from the defaults gets a list of its own', async () => {
    const text = `${DEFAULTS.replace(/authorized_keys:[^\n]*\n(?: {6,}- .*\n)*/, `identity_file: ${at('old')}\n    authorized_keys: ["${line('old')}"]\n`)}servers:\n  prod:\n    address: 203.0.113.7\n`;
    const { run, file } = on(text, [kept]);
    expect(await run(...words('--key', at('next')))).toBe(0);
    expect(file()).toContain(
      `    ssh:\n      authorized_keys:\n        - ${line('next')}\n      identity_file: ${at('next')}\n`,
    );
    expect(file().startsWith(text.trimEnd())).toBe(true);
  });

  test.each([
    ['old', 1, true],
    ['new', 1, false],
  ] as const)('a run that failed with the %s key', async (sshKey, code, isBack) => {
    const { run, file } = on(config(own()), [{ ...failed, sshKey }]);
    expect(await run(...words('--key', at('next')))).toBe(code);
    expect(file() === config(own())).toBe(isBack);
  });

  test('--dry-run plans by the old key, and leaves it alone', async () => {
    const { run, file, control } = on(config(own()), [converged]);
    expect(await run('run', 'rotate-ssh', '-s', 'prod', '--dry-run', '--key', at('next'))).toBe(0);
    expect(file()).toBe(config(own()));
    expect(control.asked('start')[0]?.[1]).toMatchObject({
      server: { ssh: { identity_file: at('old'), authorized_keys: [line('next'), line('other')] } },
    });
  });
});

describe('what cannot be meant, said before anything is contacted', () => {
  const says = async (words: string[], text: RegExp, from = config(own())): Promise<void> => {
    const { run, io, control, file } = on(from);
    expect(await run(...words)).toBe(2);
    expect(io.stderr()).toMatch(text);
    expect(control.asked('start')).toEqual([]);
    expect(file()).toBe(from);
  };
  test('no key', () => says(words(), /told the new key.*ssh-keygen/s));
  test('one that is not there', () =>
    says(words('--key', at('nowhere')), /nowhere\.pub is not there.*ssh-keygen/s));
  test('the one in use', () => says(words('--key', at('old')), /logged in to with already/));
  test('one that a worker could not open', () =>
    says(words('--key', at('locked')), /cannot be read.*ssh-add/s));
  test('one whose .pub is another’s', () => {
    writeFileSync(at('mixed'), readFileSync(at('next')));
    writeFileSync(at('mixed.pub'), line('other'));
    return says(words('--key', at('mixed')), /is not the public half/);
  });
  test('one that only an agent could have, and there is none', () => {
    writeFileSync(at('card.pub'), line('next'));
    return says(words('--key', at('card.pub')), /the SSH agent does not have that key/);
  });
  test('a file whose key logs nobody in', () =>
    says(
      words('--key', at('next')),
      /does not have the key of .*other.*--replaces/s,
      config(`      identity_file: ${at('other')}\n      authorized_keys: ["${line('old')}"]\n`),
    ));
  test('another runbook', () => says(['run', 'backup', '-s', 'prod', '--key', 'x'], /--key and --replaces/));
  test('a part of it', () => says(words('--key', at('next'), '--only', 'base.user'), /one whole/));
});
