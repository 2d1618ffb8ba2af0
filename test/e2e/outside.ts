// outside: what a provisioned host answers to a neighbour, to a proxy's address, and to its admin; with real packets.
import { run } from '../../scripts/run.js';
import type { LabHost } from '../lab/lab.js';
import { type Answer, type Knock, knock, type Scan, scan } from './knock.js';
import type { Proof } from './proof.js';
import { publish } from './published.js';
import { onStage } from './stage.js';

/** Addresses inside Cloudflare's pinned ranges 173.245.48.0/20 and 2606:4700::/32. */
const PROXY = { v4: '173.245.48.10', v6: '2606:4700::10' };

export async function outside(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const [target, peer] = (await stage.hosts([
      { name: 'out-target', distro: 'debian13', sshMode: 'socket' },
      { name: 'out-peer', distro: 'debian13', sshMode: 'service' },
    ])) as [LabHost, LabHost];
    const bare = await scan(peer, target.address, { last: 1024 });
    proof.check('the scan sees what is open: 22 of the bare host', bare.open.join() === '22', said(bare));
    const done = await stage.provision(target.name);
    proof.check('the target is provisioned', done.code === 0, done.stdout + done.stderr);
    await beProxy(peer, target);
    await scans(proof, target, peer);
    await publish(target, [80, 8080]);
    await published(proof, target, peer);
    await blamed(proof, target, peer);
    const again = await stage.provision(target.name);
    const changed = again.doc.steps.filter(({ status }) => status === 'changed').map(({ id }) => id);
    proof.check(
      'the next run closes what was opened by hand',
      changed.join() === 'harden.docker-user',
      changed.join(),
    );
    await published(proof, target, peer);
  });
}

/** The peer gets an address of the proxy's beside its own, and the target knows where that is. */
async function beProxy(peer: LabHost, target: LabHost): Promise<void> {
  const add = `ip addr add ${PROXY.v4}/32 dev eth0; ip -6 addr add ${PROXY.v6}/128 dev eth0 nodad`;
  const route = `ip route add ${PROXY.v4}/32 dev eth0; ip -6 route add ${PROXY.v6}/128 dev eth0`;
  for (const [host, line] of [
    [peer, add],
    [target, route],
  ] as const) {
    const { code, stderr } = await host.exec(target.address6 ? line : line.split(';')[0]!);
    if (code !== 0) throw new Error(`${host.name}: ${stderr}`);
  }
}

const said = ({ open, refused, silent }: Scan): string =>
  `open: ${open.join(', ') || 'none'}; refused: ${refused}; silent: ${silent}`;

async function scans(proof: Proof, target: LabHost, peer: LabHost): Promise<void> {
  for (const to of sides(target)) {
    const seen = await scan(peer, to);
    proof.check(`all 65535 ports of ${to} are silent to a neighbour`, seen.silent === 65_535, said(seen));
    proof.figure(`neighbour, ${to.includes(':') ? 'IPv6' : 'IPv4'}`, said(seen));
  }
  const admin = await run('timeout', ['3', 'bash', '-c', `</dev/tcp/${target.address}/9922`]);
  proof.check('9922 answers its admin', admin.code === 0, admin.stderr);
  const other = await run('timeout', ['3', 'bash', '-c', `</dev/tcp/${target.address}/22`]);
  proof.check('22 does not answer even its admin', other.code !== 0);
}

const sides = ({ address, address6 }: LabHost): string[] => [address, ...(address6 ? [address6] : [])];

async function expectAll(
  proof: Proof,
  from: LabHost,
  wanted: readonly (readonly [string, Knock, RegExp])[],
): Promise<void> {
  const seen = await knock(
    from,
    wanted.map(([, one]) => one),
  );
  for (const [i, [what, , answer]] of wanted.entries()) {
    const got: Answer | undefined = seen[i];
    proof.check(what, answer.test(got ?? ''), `it ${got}`);
  }
}

/** A refusal means something only beside the same port answering somebody else at the same time. */
async function published(proof: Proof, target: LabHost, peer: LabHost): Promise<void> {
  await expectAll(proof, target, [
    ['80 answers on the host itself', { to: '127.0.0.1', port: 80 }, /^says container 80$/],
    ['8080 answers on the host itself', { to: '127.0.0.1', port: 8080 }, /^says container 8080$/],
  ]);
  for (const to of sides(target)) {
    const family = to.includes(':') ? 'IPv6' : 'IPv4';
    const from = to.includes(':') ? PROXY.v6 : PROXY.v4;
    await expectAll(proof, peer, [
      [
        `${family}: 80 answers an address of the pinned ranges`,
        { to, port: 80, from },
        /^says container 80$/,
      ],
      [`${family}: 80 is refused to a neighbour`, { to, port: 80 }, /^(silent|refuses)$/],
      [`${family}: 8080 is refused to a neighbour`, { to, port: 8080 }, /^(silent|refuses)$/],
      [
        `${family}: 8080 is refused to the pinned address too`,
        { to, port: 8080, from },
        /^(silent|refuses)$/,
      ],
      [`${family}: 9922 is refused to the pinned address`, { to, port: 9922, from }, /^(silent|refuses)$/],
    ]);
  }
  if (!target.address6) proof.say('  this machine has no IPv6 for the lab: IPv4 alone was looked at');
}

/** With our chain passed over, the same packet gets through: so it was our chain that refused it. */
async function blamed(proof: Proof, target: LabHost, peer: LabHost): Promise<void> {
  await target.exec('iptables -I DOCKER-USER 1 -j RETURN');
  await expectAll(proof, peer, [
    [
      'with DOCKER-USER passed over, 8080 answers a neighbour',
      { to: target.address, port: 8080 },
      /^says container 8080$/,
    ],
  ]);
}
