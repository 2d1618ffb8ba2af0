// What an audit export asks of the world: a log without secrets, and a signature by a key that never leaves the vault.
import { expect, it } from 'vitest';
import { readAudit, signAudit } from '../../src/activities/audit.js';
import type { Deps } from '../../src/activities/deps.js';
import { statement } from '../../src/audit/chain.js';
import { isSignedBy } from '../../src/audit/key.js';
import type { Reading } from '../../src/model.js';
import { Keeper } from '../../src/secrets/keeper.js';
import { readVault, setEntry, updateVault } from '../../src/secrets/vault.js';
import { fixtureServer } from '../fixture-server.js';
import { errorOf, location } from '../secrets/folder.js';

function here(stdout = '', more: Partial<Reading> = {}) {
  const at = location();
  const secrets = new Keeper({ identity: at.identity, env: {} });
  const machine = { read: async () => [{ stdout, stderr: '', exitCode: 0, ...more }] };
  const deps = { hosts: { open: async () => machine }, secrets } as unknown as Deps;
  return { at, secrets, deps, server: fixtureServer({ vault: at.vault }) };
}

it('a value that a log should never have had is taken out of it', async () => {
  const CANARY = 'canary-5e0c9a71d4b2';
  const { deps, server, at, secrets } = here(`2026-11-22T12:00:00Z lab-3f2a ada stack.env set ${CANARY}\n`);
  await updateVault(at, (vault) => setEntry(vault, 'lab/telegram_bot_token', CANARY, 'external'));
  await secrets.reveal('secret://lab/telegram_bot_token', server);
  const { page } = await readAudit(deps, { server, question: { skip: 0 } });
  expect(page.lines[0]).toMatch(/^2026-11-22T12:00:00Z lab-3f2a ada stack\.env set /);
  expect(JSON.stringify(page)).not.toContain(CANARY);
});

it('a log that cannot be read is unknown', async () => {
  const { deps, server } = here('', { stderr: 'awk: cannot open file', exitCode: 0 });
  const error = await errorOf(readAudit(deps, { server, question: { skip: 0 } }));
  expect(error).toMatchObject({ code: 'FACT_UNKNOWN', evidence: ['awk: cannot open file'] });
});

it('the key is made once, for all servers of the vault, and only its public half is told', async () => {
  const { deps, server, at } = here();
  const told = await Promise.all([1, 2, 3].map(() => signAudit(deps, { server })));
  expect(new Set(told.map(({ publicKey }) => publicKey)).size).toBe(1);
  const other = await signAudit(deps, { server: fixtureServer({ name: 'spare', vault: at.vault }) });
  expect(other).toEqual(told[0]);
  const entry = (await readVault(at))?.entries['shared/audit_key'];
  expect(entry).toMatchObject({ kind: 'internal' });
  expect(JSON.stringify(told)).not.toContain(entry?.value);
});

it('signs what an export says of itself, and nothing else', async () => {
  const { deps, server } = here();
  const sign = { count: 7, head: 'a'.repeat(64) };
  const { publicKey, signature = '' } = await signAudit(deps, { server, sign });
  expect(isSignedBy(publicKey, statement(sign), signature)).toBe(true);
  for (const odd of [
    { count: 7, head: 'anything\nat all' },
    { count: 1.5, head: sign.head },
  ])
    expect(await errorOf(signAudit(deps, { server, sign: odd }))).toMatchObject({ code: 'INTERNAL' });
});
