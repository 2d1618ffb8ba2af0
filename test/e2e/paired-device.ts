// A device of a person: OpenClaw's own program in a state of its own, which comes in by the public name, as from anywhere.
import { render } from '../../src/activities/script.js';
import { approveDevice, type Devices, devices } from '../../src/commands/openclaw.js';
import type { LabHost } from '../lab/lab.js';
import { must } from './published.js';
import { DOMAIN } from './stack-stage.js';

/**
 * Its key pair is in a volume of its own; the token is in memory alone. Always the program that runs as the gateway: a
 * person updates both. `$1`: the host's address.
 */
const CALL = `set -e
image=$(docker inspect -f '{{.Image}}' openclaw)
docker exec openclaw-caddy cat /data/caddy/pki/authorities/local/root.crt >/root/caddy-root.crt
token=$(python3 -c 'import json; print(json.load(open("/opt/openclaw/secrets/openclaw/secrets.json"))["gatewayToken"])')
printf '{"gateway":{"mode":"remote","remote":{"url":"wss://${DOMAIN}","token":"%s"}}}' "$token" |
  timeout 400 docker run --rm -i --user 1000:1000 -v device:/home/node/.openclaw -v /root/caddy-root.crt:/ca.crt:ro \\
    --tmpfs /tmp:mode=1777 -e NODE_EXTRA_CA_CERTS=/ca.crt -e OPENCLAW_CONFIG_PATH=/tmp/config/openclaw.json \\
    --add-host "${DOMAIN}:$1" "$image" \\
    sh -c 'umask 077; mkdir /tmp/config; cat >/tmp/config/openclaw.json; exec openclaw gateway call health --json' 2>&1`;

/** What the gateway says to it. */
async function call(host: LabHost): Promise<string> {
  const { stdout, stderr } = await host.exec(`bash -s ${host.address}`, { input: CALL, timeoutMs: 430_000 });
  return stdout + stderr;
}

export async function devicesOf(host: LabHost): Promise<Devices> {
  const { stdout, stderr, code } = await host.exec(render(devices.read), { timeoutMs: 180_000 });
  return devices.parse({ stdout, stderr, exitCode: code });
}

/** Knocks, is asked about, is let in by the software's own command. Returns its id. */
export async function pair(host: LabHost): Promise<string> {
  const refused = await call(host);
  if (!/pairing required/i.test(refused)) throw new Error(`a stranger was answered: ${refused.slice(-500)}`);
  const [asking] = (await devicesOf(host)).pending;
  if (!asking) throw new Error('nobody asks to be paired');
  await must(host, render(approveDevice(asking.requestId)));
  return asking.id;
}

/** On the gateway's list, and answered when it comes. */
export async function isPaired(host: LabHost, id: string): Promise<{ isThere: boolean; said: string }> {
  const { paired } = await devicesOf(host);
  const answer = await call(host);
  const isListed = paired.some((each) => each.id === id);
  const isAnswered = /"ok":\s*true/.test(answer);
  const said = `${isListed ? 'listed' : 'not listed'} of ${paired.length}; ${isAnswered ? 'answered' : answer.slice(-300)}`;
  return { isThere: isListed && isAnswered, said };
}

/** Its own state, aside and back: the program of an older gateway does not read what a newer one wrote. */
export const keepDevice = (host: LabHost): Promise<string> =>
  must(host, 'cp -a /var/lib/docker/volumes/device/_data /root/device-before');

export const returnDevice = (host: LabHost): Promise<string> =>
  must(host, 'd=/var/lib/docker/volumes/device/_data; rm -rf $d && cp -a /root/device-before $d');
