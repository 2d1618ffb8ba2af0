// `npm run lab`: disposable servers for trying clincher safely.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { SetupError } from '../../scripts/setup-error.js';
import { labServer } from './config.js';
import type { Container } from './container.js';
import { requireContainer, toHost } from './host.js';
import type { ImageName } from './images/catalog.js';
import { compressedBytes } from './images/registry-api.js';
import { ensureStackImages, names as imageNames } from './images/stack.js';
import { labDown, labFind, labList, labUp } from './lab.js';
import { type Distro, distros, type SshMode, sshModes } from './model.js';
import { addresses } from './network.js';
import { afterHardening, firstContact, sshWords } from './ssh.js';

const usage = `Disposable servers, each a container with real systemd and sshd.

  npm run lab -- up [NAME…]              start hosts (default: lab)
      --distro ${distros.join('|')}   (default: debian12)
      --ssh service|socket                 who listens on port 22 (default: the distribution's way)
      --memory 2g                          how much it may take
      --octet N                            address 10.66.0.N; several hosts count up from it
      --fresh                              throw away a host of that name first
  npm run lab -- ls                      what runs, and where
  npm run lab -- ssh NAME [COMMAND…]     log in, as root or, once hardened, as deploy
  npm run lab -- config [NAME…]          the servers' part of a clincher.yaml
  npm run lab -- images [NAME…]          make the images of the stack, and list them with their tags
  npm run lab -- down [NAME…]            throw hosts away (default: all)
`;

class UsageError extends Error {}

const commands: Record<string, (args: string[]) => Promise<void>> = { up, down, ls, ssh, config, images };

async function main([verb, ...args]: string[]): Promise<void> {
  if (verb === undefined || ['help', '--help', '-h'].includes(verb)) return print(usage.trimEnd());
  const command = commands[verb];
  if (!command) throw new UsageError(`No such command: ${verb}`);
  await command(args);
}

async function up(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, {
    distro: { type: 'string' },
    ssh: { type: 'string' },
    memory: { type: 'string' },
    octet: { type: 'string' },
    fresh: { type: 'boolean' },
  });
  const distro = oneOf<Distro>('--distro', values['distro'], distros);
  const sshMode = oneOf<SshMode>('--ssh', values['ssh'], sshModes);
  const memory = size(values['memory']);
  const names = positionals.length > 0 ? positionals : ['lab'];
  const octet = octetFrom(values['octet'], names.length);
  const specs = [...new Set(names)].map((name, i) => ({
    ...{ name: checked(name), distro, sshMode, memory },
    octet: octet && octet + i,
  }));
  await labUp(specs, { say: note, fresh: values['fresh'] === true });
  note(`Log in: npm run lab -- ssh ${names[0]}    For clincher.yaml: npm run lab -- config`);
}

async function down(args: string[]): Promise<void> {
  const { positionals } = parse(args, {});
  for (const name of positionals) await requireContainer(name);
  await labDown(positionals.length > 0 ? positionals : undefined);
}

async function ls(args: string[]): Promise<void> {
  parse(args, {});
  const hosts = await inOrder();
  if (hosts.length === 0) note('No lab hosts. Start one: npm run lab -- up');
  for (const host of hosts) {
    const state = host.isPaused ? 'paused' : !host.isUp ? 'stopped' : host.isConnected ? 'up' : 'unplugged';
    const row = [host.name, host.distro, host.sshMode, addresses(host.octet).address, state];
    print(
      row
        .map((cell) => cell.padEnd(12))
        .join('')
        .trimEnd(),
    );
  }
}

async function inOrder(): Promise<Container[]> {
  return (await labList()).sort((a, b) => a.octet - b.octet);
}

/** All words after the name are the remote command's own: options among them are not ours. */
async function ssh([name, ...command]: string[]): Promise<void> {
  if (!name) throw new UsageError('Which host? npm run lab -- ssh NAME');
  const host = await toHost(await requireContainer(name));
  const as = (await accepts(host.address, afterHardening.port)) ? afterHardening : firstContact;
  const child = spawn('ssh', [...(await sshWords(host, as)), ...command], { stdio: 'inherit' });
  process.exitCode = await new Promise<number>((resolve) =>
    child.on('close', (code) => resolve(code ?? 255)),
  );
}

async function config(args: string[]): Promise<void> {
  const { positionals } = parse(args, {});
  const names = positionals.length > 0 ? positionals : (await inOrder()).map((each) => each.name);
  if (names.length === 0) throw new Error('No lab hosts. Start one: npm run lab -- up');
  for (const name of names) await requireContainer(name);
  const hosts = await Promise.all(names.map((name) => labFind(name)));
  const there = hosts.filter((host) => host !== undefined);
  const servers = await Promise.all(there.map(async (host) => [host.name, await labServer(host)] as const));
  print(
    stringify(
      { servers: Object.fromEntries(servers) },
      { lineWidth: 0, aliasDuplicateObjects: false },
    ).trimEnd(),
  );
}

async function images(args: string[]): Promise<void> {
  const { positionals } = parse(args, {});
  const wanted = positionals.map((name) => oneOf<ImageName>('NAME', name, imageNames())!);
  const made = await ensureStackImages(note, wanted.length > 0 ? wanted : imageNames());
  for (const name of wanted.length > 0 ? wanted : imageNames()) {
    const { repository, version } = made.images[name];
    const megabytes = Math.round((await compressedBytes(made.registry, repository, version)) / 1e6);
    print(`${name.padEnd(20)}${`${megabytes} MB`.padStart(7)}  ${made.registry}/${repository}:${version}`);
  }
}

type Options = Record<string, { type: 'string' | 'boolean' }>;

function parse(args: string[], options: Options): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<T extends string>(option: string, value: unknown, known: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = known.find((each) => each === value);
  if (!found) throw new UsageError(`${option} is one of ${known.join(', ')}; got ${String(value)}`);
  return found;
}

function size(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+[mg]$/.test(String(value)))
    throw new UsageError(`--memory is like 512m or 2g; got ${String(value)}`);
  return String(value);
}

function octetFrom(value: unknown, count: number): number | undefined {
  if (value === undefined) return undefined;
  const octet = Number(value);
  if (Number.isInteger(octet) && octet >= 2 && octet + count <= 255) return octet;
  throw new UsageError(`--octet is the last part of 10.66.0.N, 2 to 254; got ${String(value)}`);
}

function checked(name: string): string {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(name)) return name;
  throw new UsageError(`A name is small letters, digits and dashes, beginning with a letter; got ${name}`);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect({ host, port, timeout: 1500 });
    const end = (answer: boolean): void => resolve(Boolean(client.destroy()) && answer);
    client.once('connect', () => end(true));
    client.once('timeout', () => end(false));
    client.once('error', () => end(false));
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

function fail(error: unknown): void {
  const isUsage = error instanceof UsageError;
  note(error instanceof Error ? error.message : String(error));
  if (isUsage) note('Usage: npm run lab -- help');
  process.exitCode = isUsage ? 2 : error instanceof SetupError ? error.exitCode : 1;
}

await main(process.argv.slice(2)).catch(fail);
