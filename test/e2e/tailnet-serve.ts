// Part of proxies: Tailscale Serve as its step makes it, before a stand-in at the gateway's address on the gateway's network.
import { loadConfig, resolveServer } from '../../src/config/load.js';
import { gatewayAddress, hostAddress } from '../../src/stack/proxy-net.js';
import { proxyTailscaleServe } from '../../src/steps/proxy-tailscale-serve.js';
import type { LabHost } from '../lab/lab.js';
import type { Tailnet } from '../lab/tailnet/tailnet.js';
import { look, make } from './by-hand.js';
import { knock } from './knock.js';
import type { Proof } from './proof.js';
import { must, pythonImage } from './published.js';
import type { Stage } from './stage.js';

/** Says who asked, as the gateway would be told. */
const STAND_IN = `
from http.server import *
class Told(BaseHTTPRequestHandler):
    def do_GET(self):
        told = 'stand-in; from %s; for %s; user %s' % (self.client_address[0], self.headers['X-Forwarded-For'], self.headers['Tailscale-User-Login'])
        self.send_response(200); self.end_headers(); self.wfile.write(told.encode())
ThreadingHTTPServer(('', 18789), Told).serve_forever()
`;

interface Scene {
  stage: Stage;
  tailnet: Tailnet;
  host: LabHost;
  peer: LabHost;
  /** Of the host and of the peer in the tailnet. */
  address: string;
  peerAddress: string;
}

export async function serves(proof: Proof, scene: Scene): Promise<void> {
  const { stage, tailnet, host, peer } = scene;
  stage.set(host.name, { proxy: { kind: 'tailscale' } });
  const want = resolveServer(loadConfig(stage.config), host.name);
  await standIn(host, want.stack.proxy_subnet, gatewayAddress(want), hostAddress(want));
  const direct = await host.exec(`curl -sS --max-time 5 http://${gatewayAddress(want)}:18789/`);
  const trusted = `from ${hostAddress(want)};`;
  proof.check(
    'the host reaches the gateway on its internal network',
    direct.stdout.includes(trusted),
    direct.stdout,
  );
  await must(peer, 'cat >/root/tailnet.pem', await tailnet.authority());
  const before = await ask(scene);
  proof.check('before: the tailnet is answered by nobody', before.startsWith('000'), before);
  const said = await make(host, proxyTailscaleServe, want);
  proof.check('the step serves', said.length === 1 && said[0]!.startsWith('serve: '), said.join('; '));
  const seen = await ask(scene);
  const told = `200 stand-in; ${trusted} for ${scene.peerAddress}; user `;
  proof.check('a verified HTTPS answer from the gateway, told who asks', seen.startsWith(told), seen);
  const again = (await look(host, proxyTailscaleServe, want)).status;
  proof.check('nothing is left to do', again === 'ok', again);
  const knocks = [
    { to: host.address, port: 443 },
    { to: host.address, port: 18789 },
  ];
  const outside = await knock(peer, knocks);
  proof.check(
    '443 and 18789 are silent outside the tailnet',
    outside.join() === 'silent,silent',
    `${outside}`,
  );
  await drifts(proof, scene, () => look(host, proxyTailscaleServe, want));
  await make(host, proxyTailscaleServe, want);
  const mended = await ask(scene);
  proof.check('put right again', mended.startsWith(told), mended);
  await must(host, 'docker rm -f gateway');
  const dead = await ask(scene);
  proof.check('a dead gateway is told from a served one', dead.startsWith('502'), dead);
}

/** What somebody else serves is named; a Funnel is named as what it is. */
async function drifts(
  proof: Proof,
  { host }: Scene,
  seen: () => Promise<{ changes: { what: string }[] }>,
): Promise<void> {
  await must(
    host,
    'tailscale funnel --bg --yes --https=443 http://127.0.0.1:9 && tailscale serve --bg --yes --tcp=2222 tcp://127.0.0.1:22',
  );
  const what = (await seen()).changes.map((change) => change.what).join('; ');
  proof.check('a Funnel is seen', /127\.0\.0\.1:9 \(Funnel: from the whole internet\)/.test(what), what);
  proof.check('a port that is served beside it is seen', what.includes('tcp:2222 → 127.0.0.1:22'), what);
}

/** As compose makes it: no port is published, and the network has no way out. */
async function standIn(host: LabHost, subnet: string, gateway: string, own: string): Promise<void> {
  await pythonImage(host);
  await must(host, `docker network create --internal --subnet ${subnet} --gateway ${own} proxy-net`);
  await must(
    host,
    `docker run -d --name gateway --network proxy-net --ip ${gateway} web -c "$(cat)"`,
    STAND_IN,
  );
  await must(
    host,
    `n=0; until bash -c "</dev/tcp/${gateway}/18789" 2>/dev/null; do n=$((n+1)); [ $n -gt 50 ] && exit 1; sleep 0.2; done`,
  );
}

/** Status and answer, by the name that the certificate is for. */
async function ask({ tailnet, host, peer, address }: Scene): Promise<string> {
  const name = `${host.name}.${tailnet.domain}`;
  const { stdout, stderr } = await peer.exec(
    `curl -sS --max-time 30 --cacert /root/tailnet.pem --resolve ${name}:443:${address} -o /tmp/answer -w '%{http_code} ' https://${name}/; cat /tmp/answer; rm -f /tmp/answer`,
    { timeoutMs: 40_000 },
  );
  return stdout + stderr;
}
