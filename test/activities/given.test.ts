// A new value counts as taken when whoever uses it has it, and somebody who can tell takes it. Anything less is not proved.
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Beat } from '../../src/activities/beat.js';
import type { Deps } from '../../src/activities/deps.js';
import { proveGiven } from '../../src/activities/given.js';
import { storeSecret } from '../../src/activities/store-secret.js';
import type { HeldNow } from '../../src/commands/held-secrets.js';
import type { ModelCall } from '../../src/commands/model-calls.js';
import type { Command, Reading } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
server.channels.telegram.enabled = true;
const MODEL = server.models.heartbeat;
const KEY = 'secret://lab/anthropic_api_key';
const VALUE = 'sk-ant-the-new-one-000000';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const good: HeldNow = { sha256: sha256(VALUE), status: 'running', health: 'healthy' };
const refused: ModelCall = {
  ...{ model: MODEL, status: 401, ms: 90 },
  refusal: `{"error":{"message":"AuthenticationError: invalid x-api-key ${VALUE}"}}`,
};
const answered: ModelCall = { model: MODEL, status: 200, answer: 'pong', ms: 900 };

interface World {
  held?: HeldNow[];
  call?: ModelCall;
}

function world({ held = [good], call = answered }: World) {
  const asked: string[] = [];
  let now = 0;
  const answers = (command: Command): unknown => {
    const text = command.join(' ');
    if (text.includes('hashlib')) return [held.length > 1 ? held.shift() : held[0]];
    asked.push((JSON.parse(String(command.at(-1))) as { models: string[] }).models.join());
    const after = { answers: { [call.model]: call.status === 200 ? 1 : 0 }, spentUsd: 0 };
    return { calls: [call], before: { answers: {}, spentUsd: 0 }, after };
  };
  const machine = {
    read: async (commands: readonly Command[]): Promise<Reading[]> =>
      commands.map((each) => ({ stdout: JSON.stringify(answers(each)), stderr: '', exitCode: 0 })),
  };
  const deps = {
    hosts: { open: async () => machine },
    secrets: {
      redact: (text: string) => text.replaceAll(VALUE, '…'),
      reveal: async () => VALUE,
      missing: async () => [],
      unseal: async (sealed: string) => sealed,
      store: async () => ({ fingerprint: 'sha256:ab12' }),
    },
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  } as unknown as Deps;
  return { deps, asked };
}

const beat = { signal: new AbortController().signal, say: () => {}, cancelled: () => false } as Beat;
const prove = ({ deps }: ReturnType<typeof world>, isAsked = true) =>
  proveGiven(deps, { server, ref: KEY, isAsked }, beat);

it('whoever uses it has it, and a cheap model of its maker answers', async () => {
  const one = world({});
  expect((await prove(one)).changes.map(({ what }) => what)).toEqual([
    'openclaw-litellm has it: the hashes agree',
    expect.stringContaining('answered'),
  ]);
  expect(one.asked).toEqual([MODEL]);
});

it.each([
  [
    'another value',
    { ...good, sha256: sha256('old') },
    'openclaw-litellm has another value in ANTHROPIC_API_KEY',
  ],
  [
    'no value',
    { status: 'running', health: 'healthy' },
    'openclaw-litellm has no value in ANTHROPIC_API_KEY',
  ],
  ['not running', { status: 'exited', health: '' }, 'openclaw-litellm is exited'],
  ['unhealthy for long', { ...good, health: 'unhealthy' }, 'openclaw-litellm is unhealthy'],
])('%s: not proved, and nobody is asked', async (_, held, message) => {
  const one = world({ held: [held] });
  await expect(prove(one)).rejects.toMatchObject({
    code: 'NOT_ROTATED',
    message: expect.stringContaining(message),
  });
  expect(one.asked).toEqual([]);
});

it('a container that a backup has paused is given time', async () => {
  const one = world({ held: [{ ...good, health: 'unhealthy' }, good] });
  await expect(prove(one)).resolves.toBeDefined();
});

it('a key that its maker refuses: not proved, and the value is in no word of it', async () => {
  const error = await prove(world({ call: refused })).catch((caught: unknown) => caught as Error);
  expect(error).toMatchObject({ code: 'NOT_ROTATED' });
  expect(JSON.stringify(error) + (error as Error).message).not.toContain(VALUE);
  expect((error as Error).message).toContain('the provider refuses the key');
});

it('on the way back only who holds it is looked at: the old one may have ended', async () => {
  const one = world({ call: refused });
  await expect(prove(one, false)).resolves.toBeDefined();
  expect(one.asked).toEqual([]);
});

it('what nothing uses is not proved by nothing', async () => {
  const { deps } = world({});
  await expect(
    proveGiven(deps, { server, ref: 'secret://lab/nobodys', isAsked: true }, beat),
  ).rejects.toMatchObject({ code: 'NOT_ROTATED' });
});

it('the value that is in use already is not taken for a new one', async () => {
  const { deps } = world({});
  const answer = (ref: string) => storeSecret(deps, { server, ref, sealed: VALUE });
  expect(await answer(`${KEY}_next`)).toMatchObject({ stored: false });
  expect(await answer(KEY)).toMatchObject({ stored: true });
});
