import { expect, test } from 'vitest';
import { assign } from '../../src/config/assign.js';
import { KEY } from './fixture.js';

function assigned(...assignments: string[]): unknown {
  const values = {};
  for (const assignment of assignments) assign(values, 'prod', assignment);
  return values;
}

const server = (settings: unknown): unknown => ({ servers: { prod: settings } });

test.each<[assignments: string[], values: unknown]>([
  [['address=203.0.113.7'], server({ address: '203.0.113.7' })],
  [['servers.b.address=203.0.113.7'], { servers: { b: { address: '203.0.113.7' } } }],
  [['ssh.port=22', 'ssh.agent=false'], server({ ssh: { port: 22, agent: false } })],
  [['defaults.ssh.port=22'], { defaults: { ssh: { port: 22 } } }],
  [['secrets.vault=../v.age'], { secrets: { vault: '../v.age' } }],
  [
    ['stack.images.openclaw.version=2026.4'],
    server({ stack: { images: { openclaw: { version: '2026.4' } } } }),
  ],
  [
    ['ssh.admin_addresses=1.2.3.4', 'ssh.admin_addresses=5.6.7.8'],
    server({ ssh: { admin_addresses: ['1.2.3.4', '5.6.7.8'] } }),
  ],
  [['ssh.admin_addresses=[1.2.3.4, "::1"]'], server({ ssh: { admin_addresses: ['1.2.3.4', '::1'] } })],
  [[`ssh.authorized_keys=${KEY}`], server({ ssh: { authorized_keys: [KEY] } })],
  [['firewall.web_ports=8443'], server({ firewall: { web_ports: [8443] } })],
  [['firewall.web_sources=any'], server({ firewall: { web_sources: 'any' } })],
  [['firewall.web_sources=10.0.0.0/8'], server({ firewall: { web_sources: ['10.0.0.0/8'] } })],
  [['system.sysctl.vm.swappiness=5'], server({ system: { sysctl: { 'vm.swappiness': 5 } } })],
  [['stack.cache.similarity=0.9'], server({ stack: { cache: { similarity: 0.9 } } })],
  [['providers.openai.key=env:KEY'], server({ providers: { openai: { key: 'env:KEY' } } })],
  [['openclaw.extra_env.LEVEL=1'], server({ openclaw: { extra_env: { LEVEL: '1' } } })],
  [
    ['stack.egress.extra_domains=[{domain: a.example.com, reason: tests}]'],
    server({ stack: { egress: { extra_domains: [{ domain: 'a.example.com', reason: 'tests' }] } } }),
  ],
  [['docker.log_max_file=5'], server({ docker: { log_max_file: 5 } })],
  [['ssh.port=22a', 'ssh.agent=yes'], server({ ssh: { port: '22a', agent: 'yes' } })],
  [['ssh.sudo_password=exec:pass show a=b'], server({ ssh: { sudo_password: 'exec:pass show a=b' } })],
])('%j', (assignments, values) => expect(assigned(...assignments)).toEqual(values));

test.each([
  ['ssh.prot=22', 'there is no key `servers.prod.ssh.prot`; did you mean `servers.prod.ssh.port`?'],
  ['adress=1.2.3.4', 'did you mean `servers.prod.address`?'],
  ['default.ssh.port=1', 'there is no key `servers.prod.default.ssh.port`'],
  ['ssh=1', '`servers.prod.ssh` holds keys; set one of them, such as servers.prod.ssh.user'],
  [
    'system.sysctl=1',
    '`servers.prod.system.sysctl` holds keys; set one of them, such as servers.prod.system.sysctl.vm.swappiness',
  ],
  ['providers=openai', 'set one of them, such as servers.prod.providers.openai.key'],
  ['stack.limits=1', 'set one of them, such as servers.prod.stack.limits.openclaw'],
  ['ssh.port.x=1', 'it ends before that'],
  ['__proto__.x=1', 'there is no key'],
  ['address', '--set takes key=value'],
  ['=x', '--set takes key=value'],
  ['ssh.admin_addresses=[1.2.3.4', 'is not closed'],
])('%s', (assignment, told) => {
  expect(() => assigned(assignment)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(told) }),
  );
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

test('a value is never repeated', () => {
  for (const assignment of ['ssh.sudo_passwrd=hunter2', 'ssh.admin_addresses=[hunter2'])
    expect(() => assigned(assignment)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
});
