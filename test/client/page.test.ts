// `clincher page`: a link only where the page is served; to one gate when it is named.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { SHELL } from '../../src/page/shell.js';
import { folder } from '../secrets/folder.js';
import { summary } from './fake-control.js';
import { CONFIG, stage } from './stage.js';
import { waiting } from './states.js';

const open = summary({ status: 'running', endedAt: undefined });
const served = createServer((_, reply) => void reply.end(SHELL));
let at = '';
beforeAll(async () => {
  await new Promise<void>((done) => served.listen(0, '127.0.0.1', done));
  at = `127.0.0.1:${(served.address() as AddressInfo).port}`;
});
afterAll(() => void served.close());

let home = '';
beforeEach(() => {
  home = folder();
  vi.stubEnv('CLINCHER_HOME', home);
});
afterEach(() => vi.unstubAllEnvs());

const kept = (): { at?: object; expiresAt: number }[] =>
  JSON.parse(readFileSync(join(home, 'page-links.json'), 'utf8'));

test('a link to everything; the engine is not asked for it', async () => {
  const { run, io, opened } = stage({ config: `${CONFIG}control_plane: { page: '${at}' }\n` });
  expect(await run('page')).toBe(0);
  expect(io.stdout()).toMatch(new RegExp(`^http://${at}/#[\\w-]{43}\\n$`));
  expect(io.stderr()).toMatch(/opens in one browser.*Whoever has it may answer/s);
  expect(kept()).toMatchObject([{ hash: expect.any(String) }]);
  expect(kept()[0]?.at).toBeUndefined();
  expect(opened()).toBe(0);
});

test('a link to one gate, by the address in front of the page', async () => {
  const config = `${CONFIG}control_plane: { page: '${at}', page_url: 'https://ops.example.ts.net' }\n`;
  const { run, io } = stage({ config, runs: [open], states: { '*': [waiting] } });
  expect(await run('page', 'telegram-token', '-s', 'prod', '--json')).toBe(0);
  expect(JSON.parse(io.stdout())).toMatchObject({
    gate: 'telegram-token',
    url: expect.stringMatching(/^https:\/\/ops\.example\.ts\.net\/#/),
  });
  expect(kept()[0]?.at).toMatchObject({ run: 'prod-3f2a', gate: 'telegram-token' });
});

test('a gate that is not open', async () => {
  const { run, io } = stage({
    config: `${CONFIG}control_plane: { page: '${at}' }\n`,
    runs: [open],
    states: { '*': [waiting] },
  });
  expect(await run('page', 'other', '-s', 'prod')).toBe(2);
  expect(io.stderr()).toContain('No gate "other" is open; open: telegram-token');
});

test('off, or served by nobody: an error that says what to type', async () => {
  const off = stage();
  expect(await off.run('page')).toBe(2);
  expect(off.io.stderr()).toMatch(/PAGE_OFF/);
  const away = stage({ config: `${CONFIG}control_plane: { page: '127.0.0.1:1' }\n` });
  expect(await away.run('page')).toBe(4);
  expect(away.io.stderr()).toMatch(
    /Nobody serves the page at http:\/\/127\.0\.0\.1:1.*clincher down && clincher up/s,
  );
});

test('an address that faces a network is refused with its place in the file', async () => {
  const { run, io } = stage({ config: `${CONFIG}control_plane:\n  page: 0.0.0.0:7288\n` });
  expect(await run('page')).toBe(2);
  expect(io.stderr()).toMatch(/:\d+:9 control_plane\.page: is neither on loopback/);
});
