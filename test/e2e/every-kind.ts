// Part of proxies: one whole stack that is reached in one way after the other; what was open before is closed each time.

import { ensureModelServer } from '../lab/images/model-server.js';
import { ensureStackImages } from '../lab/images/stack.js';
import type { LabHost } from '../lab/lab.js';
import type { Tailnet } from '../lab/tailnet/tailnet.js';
import type { CliResult } from './cli.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { DOMAIN, stackSettings, versions } from './stack-stage.js';
import type { Stage } from './stage.js';

/** As Cloudflare makes them: account, tunnel, secret. */
const TOKEN = Buffer.from(JSON.stringify({ a: 'lab', t: 'b5c1f1de-lab', s: 'bm9ib2R5' })).toString('base64');

interface Way {
  kind: 'caddy' | 'tunnel' | 'tailscale';
  settings: Record<string, unknown>;
  /** The one container that stands before the gateway; none for Tailscale. */
  container: string;
}

export async function everyKind(proof: Proof, stage: Stage, tailnet: Tailnet): Promise<void> {
  const say = (line: string): void => proof.say(line);
  const models = new URL((await ensureModelServer(say)).url).host;
  const base = await stackSettings(versions[0]!, models, say);
  const tunnel = await ensureStackImages(say, ['cloudflared']);
  const { repository, version } = tunnel.images.cloudflared;
  const cloudflared = { repository: `${tunnel.registry}/${repository}`, version };
  const specs = [
    { name: 'prx-whole', distro: 'debian13', memory: '6g' },
    { name: 'prx-near', distro: 'debian13' },
  ] as const;
  const [host, peer] = (await stage.hosts(specs, base)) as [LabHost, LabHost];
  await tailnet.install(host);
  await tailnet.join(peer);
  await must(peer, 'cat >/root/tailnet.pem', await tailnet.authority());
  const token = await stage.cli(['secrets', 'set', 'tunnel_token', '-s', host.name], { input: TOKEN });
  proof.check('the tunnel’s token is in the vault', token.code === 0, token.stderr);
  const tailscale = { enabled: true, source: 'present', login_server: tailnet.loginServer };
  const origins = [`https://${host.name}.${tailnet.domain}`];
  const ways: Way[] = [
    { kind: 'tailscale', settings: { tailscale, openclaw: { origins } }, container: '' },
    { kind: 'tunnel', settings: { stack: { images: { cloudflared } } }, container: 'openclaw-tunnel' },
    { kind: 'caddy', settings: {}, container: 'openclaw-caddy' },
  ];
  for (const way of ways) await opens(proof, stage, { tailnet, host, peer, way });
}

async function opens(
  proof: Proof,
  stage: Stage,
  { tailnet, host, peer, way }: { tailnet: Tailnet; host: LabHost; peer: LabHost; way: Way },
): Promise<void> {
  const { kind, settings, container } = way;
  stage.set(host.name, { ...settings, proxy: { kind, domain: DOMAIN } });
  const first = await stage.provision(host.name);
  const done = await toTheEnd(stage, tailnet, host, first);
  if (kind === 'tunnel') await asksAboutOutside(proof, stage, done);
  else proof.check(`${kind}: provisioned to the end`, done.code === 0, said(done));
  const { stdout } = await host.exec("docker ps -a --format '{{.Names}}' | grep -E 'caddy|tunnel'");
  proof.check(`${kind}: it alone stands before the gateway`, stdout.trim() === container, stdout);
  const served = await overTailnet(tailnet, host, peer);
  const wanted = kind === 'tailscale' ? '200 401' : '000 000';
  proof.check(
    `${kind}: over the tailnet the gateway answers ${wanted} (its health, a call without token)`,
    served === wanted,
    served,
  );
  if (kind === 'tunnel') return;
  const again = await stage.provision(host.name);
  const isSame = again.code === 0 && again.doc.outcome.changed === 0;
  proof.check(`${kind}: a second run changes nothing`, isSame, said(again));
}

/** The lab has no Cloudflare: what cannot be asked from outside is unknown, and the run asks rather than believes. */
async function asksAboutOutside(proof: Proof, stage: Stage, waiting: CliResult): Promise<void> {
  const gate = waiting.doc.gates?.find(({ id }) => id === 'tunnel-route');
  const isTold = waiting.code === 8 && gate?.note === 'the name has no DNS record yet';
  proof.check('tunnel: it waits for the route, and says what is missing', isTold, said(waiting));
  await stage.cli(['signal', waiting.doc.run, 'done', 'tunnel-route']);
  const done = await stage.cli(['follow', waiting.doc.run, '--json', '--timeout', '4m']);
  const isAsked = done.code === 8 && done.doc.gates.some(({ id }) => id === 'failed:exposed');
  proof.check('tunnel: provisioned as far as the proof from outside, which is unknown', isAsked, said(done));
  const skipped = await stage.cli(['skip', done.doc.run]);
  proof.check('tunnel: a person may go on without it', skipped.code === 0, said(skipped));
  await stage.cli(['follow', done.doc.run, '--json', '--timeout', '1m']);
}

async function overTailnet({ domain }: Tailnet, host: LabHost, peer: LabHost): Promise<string> {
  const name = `${host.name}.${domain}`;
  const address = (await must(host, 'tailscale ip -4')).trim();
  const ask = `curl -s -o /dev/null -w '%{http_code} ' --max-time 20 --cacert /root/tailnet.pem --resolve ${name}:443:${address}`;
  const body = `-H 'content-type: application/json' -d '{"tool":"sessions_list","args":{}}'`;
  const asked = await peer.exec(
    `${ask} https://${name}/healthz; ${ask} ${body} https://${name}/tools/invoke`,
  );
  return asked.stdout.trim();
}

/** A login is the one thing that is asked for here. */
async function toTheEnd(stage: Stage, tailnet: Tailnet, host: LabHost, first: CliResult): Promise<CliResult> {
  const note = first.code === 8 ? first.doc.gates.find(({ id }) => id === 'tailscale-up')?.note : undefined;
  const url = /http:\S+\/auth\/\S+/.exec(note ?? '')?.[0];
  if (url === undefined) return first;
  await tailnet.visit(url);
  return stage.cli(['follow', '@last', '-s', host.name, '--json', '--timeout', '9m']);
}

const said = ({ code, stdout, stderr }: CliResult): string =>
  `exit ${code} ${(stdout + stderr).slice(-2_500)}`;
