// The door's certificate: for one name, signed by its own key, and its public half found again.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import { expect, test } from 'vitest';
import { certificateIn, newCertificate } from '../../src/secrets/certificate.js';

test('it holds for its name, until 2049, and for its key', async () => {
  const pem = await newCertificate('prod.metrics.clincher');
  const certificate = new X509Certificate(certificateIn(pem)!);
  expect(certificate.checkHost('prod.metrics.clincher')).toBe('prod.metrics.clincher');
  expect(certificate.checkHost('lab.metrics.clincher')).toBeUndefined();
  expect(certificate.checkPrivateKey(createPrivateKey(pem))).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.validTo).toBe('Dec 31 23:59:59 2049 GMT');
});

test('the public half holds no key', async () => {
  expect(certificateIn(await newCertificate('a.b'))).not.toMatch(/PRIVATE/);
  expect(certificateIn('AGE-SECRET-KEY-1')).toBeUndefined();
});

test('two are never the same', async () =>
  expect(await newCertificate('a.b')).not.toBe(await newCertificate('a.b')));

test('a client that trusts it is let in, one that trusts another is not', async () => {
  const [pem, other] = [await newCertificate('a.b'), await newCertificate('a.b')];
  const server = createServer({ key: pem, cert: pem, minVersion: 'TLSv1.3' }, (socket) =>
    socket.end('hello'),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const ask = (ca: string) =>
    new Promise<string>((done) => {
      const link = connect({ port, host: '127.0.0.1', ca, servername: 'a.b' }, () => done('in'));
      link.on('error', ({ message }) => done(message)).on('data', () => link.destroy());
    });
  expect(await ask(certificateIn(pem)!)).toBe('in');
  expect(await ask(certificateIn(other)!)).not.toBe('in');
  server.close();
});
