import { describe, expect, it } from 'vitest';
import * as sshd from '../../src/commands/sshd.js';
import { answer } from './answer.js';

describe('effective', () => {
  const parse = sshd.effective('deploy').parse;

  it('collects what may be said more than once', () => {
    const config = parse(
      answer('port 22\nport 9922\nlistenaddress 0.0.0.0:22\nlistenaddress [::]:9922\nallowusers a\n'),
    );
    expect(config.get('port')).toEqual(['22', '9922']);
    expect(sshd.portsOf(config)).toEqual([22, 9922]);
  });

  it('knows nothing when sshd refuses its configuration', () => {
    expect(() => parse(answer('', 255, 'Bad configuration option: Prot'))).toThrow(
      'Bad configuration option',
    );
  });
});

describe('listeners', () => {
  it('names who holds a port, in both families and for a shared socket', () => {
    const text = [
      'LISTEN 0      128       0.0.0.0:9922  0.0.0.0:* users:(("sshd",pid=132,fd=6))',
      'LISTEN 0      4096            *:22          *:* users:(("sshd",pid=1089,fd=3),("systemd",pid=1,fd=30))',
      'LISTEN 0      4096   127.0.0.53%lo:53  0.0.0.0:*',
      '',
    ].join('\n');
    expect(sshd.listeners.parse(answer(text))).toEqual([
      { port: 9922, by: ['sshd'] },
      { port: 22, by: ['sshd', 'systemd'] },
      { port: 53, by: [] },
    ]);
  });
});

it.each([
  ['/etc/ssh/sshd_config:Port 22', true],
  ['/etc/ssh/sshd_config.d/50-cloud-init.conf:  port=2222', true],
  ['/etc/ssh/sshd_config:ListenAddress 10.0.0.5', false],
  ['/etc/ssh/sshd_config:ListenAddress 10.0.0.5:22', true],
  ['/etc/ssh/sshd_config:ListenAddress ::', false],
  ['/etc/ssh/sshd_config:ListenAddress [::]:22', true],
])('%s decides ports: %s', (line, decides) => expect(sshd.decidesPorts(line)).toBe(decides));

it.each([
  ['Include /etc/ssh/sshd_config.d/*.conf\n', true],
  ['Port 22\n', false],
  ['', false],
])('%j reads drop-ins first: %s', (line, first) =>
  expect(sshd.includesFirst.parse(answer(line))).toBe(first),
);
