import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { beyondPublic, certificates } from './trust.js';

const own = '-----BEGIN CERTIFICATE-----\nT1VS\n-----END CERTIFICATE-----';

test('of a bundle, only the authorities that are not public ones are the machine’s own', () => {
  const bundle = `# Example\r\n${rootCertificates[0]}\n${own.replace(/\n/g, '\r\n')}\nrest`;
  expect(beyondPublic(certificates(bundle))).toEqual([own]);
});

test('the same authority in several places counts once', () => {
  expect(beyondPublic([own, `${own}\n`, own])).toHaveLength(1);
});
