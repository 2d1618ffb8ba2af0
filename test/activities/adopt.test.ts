// Whose a server is: what its answers mean, and that a control plane which is not the one does nothing.
import { expect, it } from 'vitest';
import { adopt } from '../../src/activities/adopt.js';
import type { Deps } from '../../src/activities/deps.js';
import type { Host } from '../../src/activities/host.js';
import { claim } from '../../src/activities/preflight.js';
import { answered, type Owner } from '../../src/commands/owner.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
const other: Owner = {
  plane: 'there',
  who: 'bob@desk',
  since: '2026-11-27T06:30:00Z',
  reason: 'fire',
  from: '',
};

function host(stdout: string) {
  const scripts: string[] = [];
  const machine = {
    script: async (text: string) => {
      scripts.push(text);
      return { stdout };
    },
  };
  const deps = { hosts: { open: async () => machine }, plane: 'here', now: () => 0 } as unknown as Deps;
  return { deps, machine: machine as unknown as Host, scripts };
}

const asked = { server, run: 'lab-3f2a', who: 'ada@desk', task: 'adopt.server', key: 'k' };

it('a server that another control plane has adopted is not claimed, whatever reason is given', async () => {
  const { deps, machine } = host(`owner ${JSON.stringify(other)}\n`);
  await expect(claim(deps, machine, { ...asked, takeOver: 'I want to' })).rejects.toMatchObject({
    code: 'ADOPTED',
    message: expect.stringContaining('bob@desk'),
  });
});

it('a mark of another one is named, with the way to take over', async () => {
  const mark = { plane: 'there', run: 'lab-0000', who: 'bob@desk', since: 'then' };
  const { deps, machine } = host(`mark ${JSON.stringify(mark)}\n`);
  await expect(claim(deps, machine, asked)).rejects.toMatchObject({
    code: 'FOREIGN_LOCK',
    message: expect.stringContaining('lab-0000'),
  });
});

it('whoever comes second is told who was faster', async () => {
  const { deps } = host(`lost ${JSON.stringify(other)}\n`);
  await expect(adopt(deps, { ...asked, seen: null })).rejects.toMatchObject({ code: 'ADOPTED' });
});

it('where somebody may be at work it wants a reason, and says why', async () => {
  const { deps } = host('reason job clincher-0194a1b2-0000-7000-8000-000000000000.base.user.0.service\n');
  await expect(adopt(deps, { ...asked, seen: null })).rejects.toMatchObject({
    code: 'FOREIGN_LOCK',
    message: expect.stringContaining('has not ended'),
    evidence: ['clincher-0194a1b2-0000-7000-8000-000000000000.base.user.0.service'],
  });
});

it('a reason reaches the server as a word, never as a command', async () => {
  const { deps, scripts } = host('adopted\n');
  await adopt(deps, { ...asked, seen: other, takeOver: "it's $(reboot)" });
  expect(scripts[0]).toContain(`'it'\\''s $(reboot)'`);
});

it('no answer is no consent', () => {
  for (const said of ['', 'sh: 1: flock: not found\n', 'our\n']) expect(() => answered(said)).toThrow();
  expect(answered('noise\nours\n')).toEqual({ is: 'ours' });
});
