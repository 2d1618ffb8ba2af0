// stack: from a bare server to a proved OpenClaw behind Caddy's TLS, with the real software, in two of its versions.
import { request } from 'node:https';
import type { LabHost } from '../lab/lab.js';
import type { Doc } from './cli.js';
import { type Proof, seconds } from './proof.js';
import { chosenVersions, DOMAIN, labelled, provisionedStack, type StackVersion } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

export async function stack(proof: Proof): Promise<void> {
  for (const version of chosenVersions()) await onStage(proof, (stage) => provisioned(proof, stage, version));
}

async function provisioned(plain: Proof, stage: Stage, version: StackVersion): Promise<void> {
  const proof = labelled(plain, version);
  const name = `stack-${version.label}`;
  const { host, run } = await provisionedStack(proof, stage, name, { version });
  proof.figure('bare server to proved gateway', seconds(run.ms));
  await healthy(proof, host);
  await answers(proof, host);
  const again = await stage.provision(name);
  const changed = again.code === 0 ? changedIn(again.doc) : [`exit ${again.code}`];
  proof.check('a second run changes nothing', changed.length === 0, changed.join(', '));
  proof.figure('second run', seconds(again.ms));
  const verify = await stage.cli(['verify', '-s', name, '--json']);
  proof.check('verify is green', verify.code === 0, tail(verify.stdout + verify.stderr));
}

const changedIn = ({ steps }: Doc): string[] =>
  steps.filter(({ status }) => status === 'changed').map(({ id }) => id);

const tail = (text: string): string => text.slice(-3_000);

async function healthy(proof: Proof, host: LabHost): Promise<void> {
  const { stdout } = await host.exec("docker ps --format '{{.Names}} {{.Status}}'");
  const up = stdout.split('\n').filter((line) => line.includes('(healthy)'));
  proof.check('five services and Caddy are healthy', up.length === 6, stdout);
}

/** Asked by its own name from outside, as a browser would; the certificate is of Caddy's own authority. */
function ask(host: LabHost, path: string, token: string | undefined, body?: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: host.address,
        servername: DOMAIN,
        path,
        method: body ? 'POST' : 'GET',
        rejectUnauthorized: false,
        headers: {
          host: DOMAIN,
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    call.on('error', reject);
    call.end(body ? JSON.stringify(body) : undefined);
  });
}

const INVOKE = { tool: 'sessions_list', args: {} };

async function answers(proof: Proof, host: LabHost): Promise<void> {
  const { stdout } = await host.exec('cat /opt/openclaw/secrets/openclaw/secrets.json');
  const token = (JSON.parse(stdout) as { gatewayToken: string }).gatewayToken;
  const asked = [
    await ask(host, '/tools/invoke', undefined, INVOKE),
    await ask(host, '/tools/invoke', 'not-the-token', INVOKE),
    await ask(host, '/tools/invoke', token, INVOKE),
    await ask(host, '/tools/invoke', token, { tool: 'exec', args: { command: 'id' } }),
  ];
  proof.check(
    'through TLS, without a token and with a wrong one 401, with the token 200, a denied tool 404',
    asked.join() === '401,401,200,404',
    asked.join(),
  );
}
