import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { Keeper } from '../../src/secrets/keeper.js';
import { seal } from '../../src/secrets/seal.js';
import { errorOf, location } from './folder.js';

function keeper(env: NodeJS.ProcessEnv = {}): {
  keeper: Keeper;
  server: { name: string; vault: string };
  identity: string;
} {
  const { vault, identity } = location();
  return { keeper: new Keeper({ identity, env }), server: { name: 'prod', vault }, identity };
}

const TOKEN = 'secret://prod/telegram_bot_token';

test('an answer travels sealed into the vault, is revealed once asked for, and redacted ever after', async () => {
  const { keeper: worker, server } = keeper();
  const sealed = await seal('hunter2hunter2', await worker.recipient());
  const value = await worker.unseal(sealed);
  expect(await worker.store(TOKEN, value, server)).toEqual({
    fingerprint: expect.stringMatching(/^sha256:/),
  });
  expect(await worker.reveal(TOKEN, server)).toBe('hunter2hunter2');
  expect(worker.redact('x hunter2hunter2')).toMatch(/^x «secret/);
});

test('a worker that starts anew has the same key', async () => {
  const { keeper: worker, identity } = keeper();
  expect(await new Keeper({ identity, env: {} }).recipient()).toBe(await worker.recipient());
});

test('what is missing is listed; what is there is not', async () => {
  const { keeper: worker, server } = keeper({ A: 'aaaa' });
  expect(await worker.missing(['env:A', 'env:B', TOKEN], server)).toEqual(['env:B', TOKEN]);
  await worker.store(TOKEN, 'hunter2', server);
  expect(await worker.missing([TOKEN], server)).toEqual([]);
});

test('a source that cannot be asked is an error, not "missing"', async () => {
  const { keeper: worker, server } = keeper();
  await worker.store(TOKEN, 'hunter2', server);
  rmSync(server.vault);
  expect((await errorOf(worker.missing([TOKEN], server))).code).toBe('VAULT_INVALID');
  expect((await errorOf(worker.missing(['exec:false'], server))).code).toBe('SECRET_SOURCE_FAILED');
});

test('only the vault takes values', async () => {
  const { keeper: worker, server } = keeper();
  const error = await errorOf(worker.store('env:A', 'hunter2', server));
  expect(error.message).not.toContain('hunter2');
});

test('a generated name that is set by hand is still an internal one', async () => {
  const { keeper: worker, server, identity } = keeper();
  await worker.store('secret://prod/backup_key', 'k'.repeat(64), server);
  expect(dirname(identity)).toBe(join(dirname(server.vault), 'home'));
  rmSync(server.vault);
  expect((await errorOf(worker.reveal('secret://prod/backup_key', server))).message).toContain('is gone');
});
