import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSecretName, looksSecret, maskSecrets } from '../../src/secrets/looks.js';

test.each([
  '-----BEGIN OPENSSH PRIVATE KEY-----',
  'AGE-SECRET-KEY-1QQQ',
  '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
  'sk-ant-abc123def456ghi789',
  'pa-abcdefghijklmnop',
  'ghp_0123456789abcdef',
  'https://user:pass@example.com',
  '0123456789abcdef0123456789abcdef',
])('%s looks secret, and nothing of it is left', (text) => {
  expect(looksSecret(text)).toBe(true);
  expect(maskSecrets(text)).toMatch(/\*{4}/);
  expect(maskSecrets(text)).toHaveLength(text.length);
});

test.each([
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIX+tYdClZIvsgtuETMbTnhAS8ic4+eKO5mDDLUAA/8c you@home',
  `SHA256:${'aB3'.repeat(14)}a`,
  'main-v1.81.3-stable',
  'ghcr.io/tecnativa/docker-socket-proxy',
  'https://download.docker.com/linux',
  '2001:db8::1',
  'net.ipv4.conf.default.accept_source_route',
])('%s does not', (text) => {
  expect(looksSecret(text)).toBe(false);
  expect(maskSecrets(text)).toBe(text);
});

test('names under which secrets are kept', () => {
  const names = [
    'password',
    'sudo_password',
    'bot_token',
    'TOKEN',
    'api-key',
    'secretKey',
    'passphrase',
    'passwd',
    'key',
  ];
  expect(names.filter((name) => !isSecretName(name))).toEqual([]);
  expect(['authorized_keys', 'host_keys', 'port', 'role', 'identity_file'].filter(isSecretName)).toEqual([]);
});

test('masking keeps the length, so that a caret stays under its place', () => {
  fc.assert(fc.property(fc.string(), (text) => maskSecrets(text).length === text.length));
});
