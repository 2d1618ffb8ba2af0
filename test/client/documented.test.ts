// Every command that a page shows is run: its real code, on a configuration, files and an engine as the pages have them.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isRunElsewhere } from '../../scripts/command-runs.js';
import { SHOWN } from '../../scripts/documented.js';
import { world } from './documented-world.js';
import { dispatched, words } from './words.js';

const HERE = SHOWN.filter(({ typed }) => !isRunElsewhere(typed));

/** What is no mistake and yet no 0. */
const CODES: readonly (readonly [RegExp, number])[] = [
  // The run has not ended yet.
  [/^abort /, 8],
  // Another key than the one that signed.
  [/^audit verify .* --key /, 1],
];

/** What a shell does before the command sees its words; and nothing is written outside of the folder. */
const expanded = (word: string, { home, cwd }: { home: string; cwd: string }): string =>
  word.replace(/^~(?=\/)/, home).replace(/^\/(?:tmp|srv)(?=\/(?:prod|audit)$)/, cwd);

const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'audit verify': ['audit export -s prod --out audit.jsonl'],
  'egress deny': ['egress allow rpc.example.com -s prod --reason Trial --yes'],
  'secrets rm': [
    'secrets set telegram_bot_token -s prod --secret-file token',
    'secrets generate backup_key -s prod',
  ],
};

/** A token is asked about at Telegram's, where it can be: here nothing leaves this machine. */
beforeAll(() => void vi.stubGlobal('fetch', () => Promise.reject(new Error('there is no network here'))));
afterAll(() => void vi.unstubAllGlobals());

test('there are some, or nothing below would mean anything', () => expect(HERE.length).toBeGreaterThan(180));

test.each(HERE.map(({ typed, line, place }) => [typed, line, place] as const))(
  '%s',
  async (typed, line, place) => {
    const own = words(line);
    const name = (await dispatched(own)) ?? 'help';
    const there = world(name, own);
    for (const before of BEFORE[name] ?? []) expect(await there.run(...before.split(' ')), before).toBe(0);
    const code = await there.run(...own.map((word) => expanded(word, there.bench)));
    const wanted = CODES.find(([pattern]) => pattern.test(typed))?.[1] ?? 0;
    expect(code, `${place}: ${there.io.stderr()}${there.io.stdout().slice(-500)}`).toBe(wanted);
  },
);

test('a line that its command refuses is found', async () => {
  const there = world('docs', ['docs']);
  expect(await there.run('docs', 'harden.sshd')).toBe(2);
});
