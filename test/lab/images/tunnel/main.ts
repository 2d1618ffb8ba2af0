// A stand-in for cloudflared, which cannot be had from package registries: its words, its token, its log, no tunnel.
// `tunnel run` asks for a token as Cloudflare makes them, looks for the origin as long as it runs (STAND_IN_ORIGIN;
// the real one is told by Cloudflare), and answers /ready on 20241: 200 while the origin can be reached, else 503.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const version = '2026.2.0 (stand-in of the lab)';
const connectorId = randomUUID();
let isReady: boolean | undefined;

function main(words: readonly string[]): void {
  const [verb, ...rest] = words.filter((each) => !/^--no-autoupdate(=|$)/.test(each));
  if (verb === 'version' || verb === '--version') say(`cloudflared version ${version}`);
  else if (verb === 'tunnel') tunnelCommand(rest);
  else throw new Error(`No command found by that name: ${verb ?? ''}`);
}

function tunnelCommand(words: readonly string[]): void {
  const { flags, plain } = parse(words);
  const metrics = flags.get('metrics') ?? process.env['TUNNEL_METRICS'] ?? '0.0.0.0:20241';
  if (plain[0] === 'ready') return void ready(metrics);
  if (plain[0] !== 'run') throw new Error('The stand-in knows `tunnel run` and `tunnel ready` only');
  run(tunnelOf(flags.get('token') ?? process.env['TUNNEL_TOKEN']), metrics);
}

const known = new Set([
  'token',
  'metrics',
  'loglevel',
  'protocol',
  'url',
  'edge-ip-version',
  'retries',
  'grace-period',
]);

function parse(words: readonly string[]): { flags: Map<string, string>; plain: string[] } {
  const flags = new Map<string, string>();
  const plain: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [, name, value] = /^--([a-z0-9-]+)(?:=(.*))?$/.exec(words[i]!) ?? [];
    if (!name) plain.push(words[i]!);
    else if (known.has(name)) flags.set(name, value ?? words[++i] ?? '');
    else throw new Error(`flag provided but not defined: -${name}`);
  }
  return { flags, plain };
}

/** Account, tunnel and secret as base64 of JSON. Returns the tunnel's id; the rest is nobody's business. */
function tunnelOf(token: string | undefined): string {
  if (!token)
    throw new Error(
      '"cloudflared tunnel run" requires the ID or name of the tunnel to run as the last command line argument or in the configuration file.',
    );
  const refused = new Error("Provided Tunnel token is not valid.\nSee 'cloudflared tunnel run --help'.");
  try {
    const { a, t, s } = JSON.parse(Buffer.from(token, 'base64').toString()) as Record<string, unknown>;
    if ([a, t, s].every((each) => typeof each === 'string' && each !== '')) return String(t);
  } catch {
    throw refused;
  }
  throw refused;
}

function run(tunnel: string, metrics: string): void {
  log('INF', `Starting tunnel tunnelID=${tunnel}`);
  log('INF', `Version ${version}`);
  log('INF', `Generated Connector ID: ${connectorId}`);
  const [, host, port] = /^(.*):(\d+)$/.exec(metrics) ?? [];
  const server = createServer((incoming, response) => {
    const status = incoming.url === '/ready' ? (isReady ? 200 : 503) : 404;
    const body = { status, readyConnections: isReady ? 4 : 0, connectorId };
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  });
  server.listen(Number(port), host, () => log('INF', `Starting metrics server on ${metrics}/metrics`));
  look();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log('INF', 'Initiating graceful shutdown due to signal terminated ...');
      process.exit(0);
    });
  }
}

/** For health checks: asks the tunnel that runs beside it. */
async function ready(metrics: string): Promise<void> {
  const isThere = await fetch(`http://${metrics}/ready`)
    .then(({ ok }) => ok)
    .catch(() => false);
  if (!isThere) say('the tunnel is not ready');
  process.exitCode = isThere ? 0 : 1;
}

function look(): void {
  const origin = new URL(process.env['STAND_IN_ORIGIN'] ?? 'http://openclaw:18789');
  const client = connect({ host: origin.hostname, port: Number(origin.port) || 80, timeout: 3000 });
  const tell = (reason?: string): void => {
    client.destroy();
    if (isReady !== (reason === undefined)) report(origin.href, reason);
    isReady = reason === undefined;
    setTimeout(look, isReady ? 5000 : 1000);
  };
  client.once('connect', () => tell());
  client.once('timeout', () => client.destroy(new Error('i/o timeout')));
  client.once('error', (error) => tell(error.message));
}

function report(origin: string, reason: string | undefined): void {
  if (reason) log('ERR', `error="Unable to reach the origin service: ${reason}" originService=${origin}`);
  for (const index of reason ? [] : [0, 1, 2, 3]) {
    const where = `event=0 ip=198.51.100.${index + 1} location=lab0${index + 1} protocol=quic`;
    log('INF', `Registered tunnel connection connIndex=${index} connection=${randomUUID()} ${where}`);
  }
}

function log(level: string, line: string): void {
  process.stderr.write(`${new Date().toISOString().replace(/\.\d+Z$/, 'Z')} ${level} ${line}\n`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
