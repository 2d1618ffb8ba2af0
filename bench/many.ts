// Many servers on few lab hosts: each has a name, an address and so a connection of its own, and a real sshd behind it.
import type { Say } from '../scripts/patiently.js';
import { must } from '../scripts/run.js';
import { merge, onStage, type Stage } from '../test/e2e/stage.js';
import type { LabHost, LabSpec } from '../test/lab/lab.js';
import { machineAddress } from '../test/lab/network.js';
import { built } from './build.js';

type Tree = Record<string, unknown>;

export interface Many {
  stage: Stage;
  nodes: LabHost[];
  /** In the order of clincher.yaml; every fourth of them is on the same of four hosts. */
  names: string[];
}

export interface Crowd {
  say: Say;
  nodes: number;
  memory: NonNullable<LabSpec['memory']>;
  count: number;
  /** What clincher.yaml says of each, besides how to reach it. */
  settings: Tree;
}

/** The hosts are provisioned first: what is on one is there for all that live on it. */
export async function onMany<T>(crowd: Crowd, work: (many: Many) => Promise<T>): Promise<T> {
  const { say, memory } = crowd;
  return onStage({ say, binary: await built(say) }, async (stage) => {
    const names = Array.from({ length: crowd.nodes }, (_, k) => `crowd-${k + 1}`);
    const nodes = await stage.hosts(names.map((name) => ({ name, distro: 'debian13', memory })));
    await stage.up();
    for (const name of names) await provisioned(stage, name);
    try {
      return await work(await gathered(stage, nodes, crowd));
    } finally {
      for (const k of nodes.keys()) await must('ip', ['route', 'del', `${network(k)}.0/24`]).catch(() => {});
    }
  });
}

async function provisioned(stage: Stage, name: string): Promise<void> {
  const { code, stdout, stderr } = await stage.provision(name);
  if (code !== 0) throw new Error(`${name} is not provisioned: ${(stdout + stderr).slice(-2_000)}`);
}

/** Every host has a network of its own beside that of the lab, and the machine a route to it. */
const network = (node: number): string => `10.67.${node}`;
const nameOf = (n: number): string => `x${String(n).padStart(3, '0')}`;

async function gathered(stage: Stage, nodes: LabHost[], { count, settings }: Crowd): Promise<Many> {
  for (const [k, node] of nodes.entries()) await reachable(node, k, Math.ceil(count / nodes.length));
  const servers: Record<string, Tree> = {};
  for (let n = 0; n < count; n += 1) {
    const k = n % nodes.length;
    const address = `${network(k)}.${Math.floor(n / nodes.length) + 1}`;
    servers[nameOf(n)] = merge({ ...stage.server(nodes[k]!.name), address }, settings);
  }
  stage.add(servers);
  return { stage, nodes, names: Object.keys(servers) };
}

/** Its firewall slows down whoever comes in for the sixth time in half a minute, which is not what fifty servers would do together. */
async function reachable(node: LabHost, k: number, count: number): Promise<void> {
  const { code, stderr } = await node.exec(
    `iptables -I INPUT -s ${machineAddress} -j ACCEPT && for n in $(seq 1 ${count}); do ip address replace ${network(k)}.$n/32 dev lo || exit 1; done`,
  );
  if (code !== 0) throw new Error(`${node.name}: ${stderr}`);
  await must('ip', ['route', 'replace', `${network(k)}.0/24`, 'via', node.address]);
}
