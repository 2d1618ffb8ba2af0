// Temporal with certificates on both sides: worker and command line come in with theirs, and nobody comes in without.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/temporal/paths.js';
import { type Composed, PLACE } from './composed.js';
import type { Proof } from './proof.js';
import { must } from './published.js';

const OVERLAY = 'docker-compose.temporal-tls.yml';

/** The worker’s TLS takes no authority’s certificate for a server’s: what openssl makes is one unless it is told. An authority, and what it signs: a server for two names, a client, and a client that another authority signed. */
const CERTIFICATES = `set -e; mkdir -p tls; cd tls
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -x509 "$@" 2>/dev/null; }
leaf='-addext basicConstraints=critical,CA:FALSE'
new -keyout ca.key -out ca.pem -subj /CN=ours; new -keyout other.key -out other.pem -subj /CN=others
new -keyout server.key -out server.pem -CA ca.pem -CAkey ca.key -subj /CN=temporal $leaf -addext subjectAltName=DNS:temporal,DNS:server
new -keyout client.key -out client.pem -CA ca.pem -CAkey ca.key -subj /CN=client $leaf
new -keyout stranger.key -out stranger.pem -CA other.pem -CAkey other.key -subj /CN=client $leaf
chown 1000:1000 *; chmod 600 *.key`;

const PROFILE = (name: string): string => `[profile.${name}]
address = "server:7233"
[profile.${name}.tls]
server_name = "temporal"
server_ca_cert_path = "/tls/ca.pem"
client_cert_path = "/tls/${name}.pem"
client_key_path = "/tls/${name}.key"
`;

export async function mutualTls(proof: Proof, plane: Composed): Promise<void> {
  const { host } = plane;
  await must(host, `cd ${PLACE} && ${CERTIFICATES}`);
  await must(host, `cat >${PLACE}/${OVERLAY}`, readFileSync(join(projectRoot(), OVERLAY), 'utf8'));
  await must(host, `cat >${PLACE}/tls/temporal.toml`, PROFILE('client') + PROFILE('stranger'));
  await must(host, `echo 'COMPOSE_FILE=docker-compose.yml:${OVERLAY}' >>${PLACE}/.env`);
  await plane.up();
  proof.check('worker and command line come in with their certificates', (await look(plane, [])).code === 0);
  const byProfile = await look(plane, profile('client'));
  proof.check(
    'by a profile of Temporal’s own file too',
    byProfile.code === 0,
    byProfile.stdout + byProfile.stderr,
  );
  const stranger = await look(plane, profile('stranger'));
  proof.check(
    'a certificate of another authority is refused',
    stranger.code === 4,
    `${stranger.code} ${stranger.stdout}${stranger.stderr}`,
  );
  const bare = await look(plane, [
    'env',
    '-u',
    'TEMPORAL_TLS_CLIENT_CERT_PATH',
    '-u',
    'TEMPORAL_TLS_CLIENT_KEY_PATH',
  ]);
  proof.check('without one nobody comes in', bare.code !== 0, bare.stdout + bare.stderr);
  const plain = await look(plane, [
    ...['env', '-u', 'TEMPORAL_TLS_CLIENT_CERT_PATH', '-u', 'TEMPORAL_TLS_CLIENT_KEY_PATH'],
    ...['-u', 'TEMPORAL_TLS_SERVER_CA_CERT_PATH', '-u', 'TEMPORAL_TLS_SERVER_NAME'],
  ]);
  proof.check('nor in clear', plain.code !== 0, plain.stdout + plain.stderr);
  const run = await plane.cli('plan', '-s', 's00', '--only', 'base.user', '--json');
  proof.check('a run goes through', run.code === 0, run.stdout.slice(-800) + run.stderr);
}

/** Without the worker’s socket: by the command’s own connection. */
const look = (plane: Composed, before: readonly string[]) =>
  plane.inWorker('env', 'CLINCHER_RUNTIME=/tmp/none', ...before, 'clincher', 'runs', '--json');

const profile = (name: string): string[] => [
  ...[
    'env',
    '-u',
    'TEMPORAL_ADDRESS',
    '-u',
    'TEMPORAL_TLS_CLIENT_CERT_PATH',
    '-u',
    'TEMPORAL_TLS_CLIENT_KEY_PATH',
  ],
  ...['-u', 'TEMPORAL_TLS_SERVER_CA_CERT_PATH', '-u', 'TEMPORAL_TLS_SERVER_NAME'],
  ...['TEMPORAL_CONFIG_FILE=/tls/temporal.toml', `TEMPORAL_PROFILE=${name}`],
];
