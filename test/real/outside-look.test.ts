// Who looks in from outside gives the same answers, be it another server's Python or the worker's own Node: asked of one real TLS server.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createTls, type Server as TlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookFromHere } from '../../src/activities/outside-here.js';
import { type OutsideAsk, type OutsideNow, outsideNow } from '../../src/commands/outside.js';
import { labCertificate } from '../lab/authority.js';

const run = promisify(execFile);
const FROM = { name: 'monitor', address: '127.0.0.1' };

async function byPython(ask: OutsideAsk): Promise<OutsideNow> {
  const { read, parse } = outsideNow(ask);
  const [command = '', ...words] = [...read.map(String), JSON.stringify(FROM)];
  const { stdout, stderr } = await run(command, words);
  return parse({ stdout, stderr, exitCode: 0 });
}

const ways = [
  ['another server (Python)', byPython],
  ['the worker itself (Node)', (ask: OutsideAsk) => lookFromHere(ask, FROM)],
] as const;

let web: TlsServer;
let open: TcpServer;
let closed: number;
const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  const { certificateFile, keyFile } = labCertificate('outside-look', ['DNS:claw.lab.test']);
  const files = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
  web = createTls(files, (asked, answer) => {
    const isGateway =
      asked.method === 'POST' && asked.url === '/tools/invoke' && asked.headers.host === 'claw.lab.test';
    asked.resume().on('end', () => answer.writeHead(isGateway ? 401 : 200).end());
  });
  open = createTcp((socket) => socket.end());
  const free = createTcp();
  await Promise.all(
    [web, open, free].map((each) => new Promise((up) => each.listen(0, '127.0.0.1', () => up(true)))),
  );
  closed = portOf(free);
  await new Promise((down) => free.close(down));
});

afterAll(() => {
  web.close();
  open.close();
});

const ask = (name: string): OutsideAsk => ({
  address: '127.0.0.1',
  ports: [portOf(open), closed],
  web: { host: '127.0.0.1', port: portOf(web), name },
});

describe.each(ways)('%s', (_, look) => {
  it('tells ports that answer from those that do not', async () => {
    const { ports, from } = await look({ address: '127.0.0.1', ports: [portOf(open), closed] });
    expect(ports).toEqual({ [portOf(open)]: 'open', [closed]: 'refused' });
    expect(from).toEqual(FROM);
  });

  it('reads a certificate for the name, of an authority that nobody trusts', async () => {
    const { certificate } = await look(ask('claw.lab.test'));
    expect(certificate).toMatchObject({ coversName: true, isCurrent: true, isTrusted: false });
    expect(certificate).toHaveProperty('issuer', expect.stringContaining('clincher lab'));
  });

  it('sees that a certificate is for another name', async () => {
    const { certificate } = await look(ask('other.lab.test'));
    expect(certificate).toMatchObject({ coversName: false, isCurrent: true });
  });

  it('asks the gateway without a token, by its public name', async () => {
    expect((await look(ask('claw.lab.test'))).anonymous).toEqual({ status: 401 });
    expect((await look(ask('other.lab.test'))).anonymous).toEqual({ status: 200 });
  });

  it('says that nobody answers', async () => {
    const { certificate, anonymous } = await look({
      ...ask('claw.lab.test'),
      web: { host: '127.0.0.1', port: closed, name: 'x.test' },
    });
    expect(certificate).toHaveProperty('error');
    expect(anonymous).toHaveProperty('error');
  });
});
