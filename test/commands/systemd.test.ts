import { describe, expect, it } from 'vitest';
import { container, isUpAndStays, running, show } from '../../src/commands/systemd.js';
import { answer } from './answer.js';

const text = `Listen=0.0.0.0:22 (Stream)
Listen=[::]:9922 (Stream)
Id=ssh.socket
LoadState=loaded
ActiveState=active
UnitFileState=enabled

Id=gone.service
LoadState=not-found
ActiveState=inactive
UnitFileState=
`;

describe('show', () => {
  const fact = show('ssh.socket', 'gone.service');

  it('reads states, and the ports of a socket', () => {
    const { 'ssh.socket': socket, 'gone.service': gone } = fact.parse(answer(text));
    expect(socket).toEqual({ load: 'loaded', active: 'active', atBoot: 'enabled', ports: [22, 9922] });
    expect(gone).toEqual({ load: 'not-found', active: 'inactive', atBoot: '', ports: [] });
    expect([socket, gone].map(isUpAndStays)).toEqual([true, false]);
  });

  it('does not take an answer about fewer units for an answer', () => {
    expect(() => fact.parse(answer('Id=ssh.socket\n'))).toThrow('other units');
    expect(() => fact.parse(answer('', 1, 'Failed to connect to bus'))).toThrow('Failed to connect to bus');
  });
});

it('names what runs', () => {
  const text = 'invocation:chrony.service\ninvocation:tmp.mount\nlog-extra-fields:x\n';
  expect(running.parse(answer(text))).toEqual(['chrony.service', 'tmp.mount']);
});

it('knows a container from a machine', () => {
  expect([container.parse(answer('docker\n')), container.parse(answer('none\n', 1))]).toEqual([
    'docker',
    'none',
  ]);
});
