// proxies: the ways in to the gateway. Tailscale is real: daemon, control server, certificates.
import type { LabHost } from '../lab/lab.js';
import { startTailnet } from '../lab/tailnet/tailnet.js';
import { everyKind } from './every-kind.js';
import type { Proof } from './proof.js';
import { onStage } from './stage.js';
import { serves } from './tailnet-serve.js';
import { joins, movesSsh } from './tailnet-way.js';

export async function proxies(proof: Proof): Promise<void> {
  const tailnet = await startTailnet((line) => proof.say(line));
  try {
    await onStage(proof, async (stage) => {
      const tailscale = { enabled: true, source: 'present', login_server: tailnet.loginServer };
      const [host, peer] = (await stage.hosts(
        [
          { name: 'prx-host', distro: 'debian13' },
          { name: 'prx-peer', distro: 'debian13' },
        ],
        { tailscale },
      )) as [LabHost, LabHost];
      await tailnet.install(host);
      const peerAddress = await tailnet.join(peer);
      const address = await joins(proof, stage, tailnet, host);
      await serves(proof, { stage, tailnet, host, peer, address, peerAddress });
      await movesSsh(proof, stage, { host, peer, address });
    });
    await onStage(proof, (stage) => everyKind(proof, stage, tailnet));
  } finally {
    await tailnet.remove();
  }
}
