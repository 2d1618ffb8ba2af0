// Part of proxies: the gate that a person closes in the browser, and SSH's move into the tailnet; daemon and control are real.
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../scripts/run.js';
import type { LabHost } from '../lab/lab.js';
import type { Tailnet } from '../lab/tailnet/tailnet.js';
import type { CliResult, Doc } from './cli.js';
import { type Proof, seconds } from './proof.js';
import type { Stage } from './stage.js';

/** Returns the host's address in the tailnet. */
export async function joins(proof: Proof, stage: Stage, tailnet: Tailnet, host: LabHost): Promise<string> {
  const waiting = await stage.provision(host.name);
  const gate = (waiting.doc.gates ?? []).find(({ id }) => id === 'tailscale-up');
  const url = /http:\S+\/auth\/\S+/.exec(gate?.note ?? '')?.[0] ?? '';
  proof.check('the run waits at the gate, which shows where to log in', url !== '', said(waiting));
  if (url === '') throw new Error('no gate, no way on');
  const seen = await tailnet.visit(url);
  const visitedAt = Date.now();
  proof.check('the page approves the device', /approved/.test(seen), seen);
  const done = await stage.cli(['follow', '@last', '-s', host.name, '--json', '--timeout', '4m']);
  proof.check('the gate closes by itself and the run goes on to its end', done.code === 0, said(done));
  proof.figure('from the visit to the end of the run', seconds(Date.now() - visitedAt));
  const door = status(done.doc, 'harden.tailnet-door');
  proof.check('SSH answers over the tailnet as well', door === 'changed', door);
  return (await host.exec('tailscale ip -4')).stdout.trim();
}

/** The control plane is outside the tailnet, so it goes through a neighbour that is in it. */
export async function movesSsh(
  proof: Proof,
  stage: Stage,
  { host, peer, address }: { host: LabHost; peer: LabHost; address: string },
): Promise<void> {
  const jump = { address: peer.address, port: 22, user: 'root', host_keys: peer.hostKeys };
  proof.check('before: 9922 answers its admin in public', await answers(host.address, 9922));
  stage.set(host.name, { address, ssh: { jump }, tailscale: { ssh_only: true } });
  const moved = await stage.provision(host.name);
  proof.check('SSH moves into the tailnet, proved by a login there', moved.code === 0, said(moved));
  const step = status(moved.doc, 'harden.tailnet-only');
  proof.check('it was that step which closed the public door', step === 'changed', step);
  proof.check('after: 9922 answers nobody in public', !(await answers(host.address, 9922)));
  const again = await stage.provision(host.name);
  proof.check('a second run over the tailnet changes nothing', again.doc.outcome.changed === 0, said(again));
  await blamed(proof, host);
}

/** The same knock is heard with the firewall off: so it was the firewall that did not answer. */
async function blamed(proof: Proof, host: LabHost): Promise<void> {
  await host.exec('ufw --force disable');
  await sleep(500);
  proof.check('with the firewall off, 9922 answers in public', await answers(host.address, 9922));
  await host.exec('ufw --force enable');
}

const answers = async (address: string, port: number): Promise<boolean> =>
  (await run('timeout', ['3', 'bash', '-c', `</dev/tcp/${address}/${port}`])).code === 0;

const status = ({ steps }: Doc, id: string): string =>
  steps.find((step) => step.id === id)?.status ?? 'no such step';

const said = ({ code, stdout, stderr }: CliResult): string =>
  `exit ${code} ${(stdout + stderr).slice(-2_000)}`;
