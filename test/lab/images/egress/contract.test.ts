// Holds the stand-in, or with SMOKESCREEN=/path/to/smokescreen the real program, against the contract.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../bundle.js';
import { originPort, type RequestCase, requests, starts } from './contract.js';

const real = process.env['SMOKESCREEN'];
const folder = mkdtempSync(join(tmpdir(), 'clincher-egress-'));
let origin: Server;

beforeAll(async () => {
  writeFileSync(`${folder}/stand-in.cjs`, bundle('egress/main.ts'));
  origin = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1');
  await new Promise((resolve) => origin.once('listening', resolve));
});

afterAll(() => {
  origin.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  child: ChildProcess;
  port: number;
  log: () => string;
  ended: Promise<number | null>;
}

async function begin(acl: string | undefined, flags: readonly string[] = []): Promise<Running> {
  const port = await freePort();
  const file = join(folder, `acl-${port}.yaml`);
  if (acl !== undefined) writeFileSync(file, acl);
  const listed = acl === undefined ? [] : ['--egress-acl-file', file];
  const where = ['--listen-ip', '127.0.0.1', '--listen-port', String(port)];
  const [program, ...first] = real ? [real] : [process.execPath, `${folder}/stand-in.cjs`];
  const child = spawn(program!, [...first, ...where, ...listed, ...flags]);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      log += part.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, port, log: () => log, ended };
}

async function untilUp({ child, port }: Running): Promise<boolean> {
  while (child.exitCode === null) {
    if (await accepts(port)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

describe('starting', () => {
  test.each(starts)('$name', async ({ acl, refuses }) => {
    const running = await begin(acl);
    const isUp = await untilUp(running);
    running.child.kill('SIGTERM');
    const code = await running.ended;
    if (refuses) expect(running.log()).toMatch(refuses);
    expect({ isUp, code }).toEqual(refuses ? { isUp: false, code: 1 } : { isUp: true, code: 0 });
  });
});

describe('asking', () => {
  test.each(requests)('$name', async (one: RequestCase) => {
    const running = await begin(one.acl, one.flags);
    expect(await untilUp(running), running.log()).toBe(true);
    const target = one.target.replace(originPort, String((origin.address() as AddressInfo).port));
    const answer = await (one.via === 'connect' ? tunnel : page)(running.port, target);
    running.child.kill('SIGTERM');
    await running.ended;
    expect(answer.status).toBe(one.status);
    if (one.says) expect(answer.error).toMatch(one.says);
    const lines = running
      .log()
      .split('\n')
      .filter((line) => line.includes('"CANONICAL-PROXY-DECISION"'));
    expect(lines).toHaveLength(1);
    const { decision_reason: reason, ...exact } = one.logs;
    const line = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(line).toMatchObject({ ...exact, proxy_type: one.via });
    expect(line['decision_reason']).toMatch(reason);
  });
});

interface Answer {
  status: number;
  error: string;
}

const errorOf = (headers: NodeJS.Dict<string | string[]>): string =>
  String(headers['x-smokescreen-error'] ?? '');

function tunnel(port: number, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method: 'CONNECT', path, agent: false });
    sent.on('connect', ({ statusCode = 0, headers }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, error: errorOf(headers) });
    });
    sent.on('error', reject);
    sent.end();
  });
}

function page(port: number, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host: new URL(path).host };
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, error: errorOf(response.headers) });
    });
    sent.on('error', reject);
    sent.end();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(port, '127.0.0.1', () => resolve(Boolean(client.destroy())));
    client.on('error', () => resolve(false));
  });
}
