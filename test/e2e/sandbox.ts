// sandbox: with `openclaw.sandbox: docker` a whole turn runs a command in a container that reaches nothing, in both versions.
import { render } from '../../src/activities/script.js';
import { turn } from '../../src/commands/turn.js';
import { ensureStackImages } from '../lab/images/stack.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { chosenVersions, labelled, provisionedStack, type StackVersion } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

export async function sandbox(proof: Proof): Promise<void> {
  for (const version of chosenVersions()) await onStage(proof, (stage) => sandboxed(proof, stage, version));
}

async function sandboxed(plain: Proof, stage: Stage, version: StackVersion): Promise<void> {
  const proof = labelled(plain, version);
  const host = await provisioned(proof, stage, version);
  await runsCommands(proof, host);
  const seen = await stage.cli(['verify', '-s', host.name, '--json']);
  proof.check('verify is green', seen.code === 0, said(seen));
  await must(host, `docker stop -t 5 openclaw-docker-proxy >/dev/null`);
  const blind = await stage.cli(['verify', '-s', host.name, '--only', 'verify.sandbox-door', '--json']);
  proof.check('verify sees that no sandbox can be made', blind.code === 3, said(blind));
}

const said = ({ code, stdout, stderr }: CliResult): string =>
  `exit ${code} ${(stdout + stderr).slice(-2_500)}`;

async function provisioned(proof: Proof, stage: Stage, version: StackVersion): Promise<LabHost> {
  const { registry, images } = await ensureStackImages((line) => proof.say(line), ['sandbox']);
  const { repository, version: tag } = images.sandbox;
  const image = { repository: `${registry}/${repository}`, version: tag };
  const more = () => ({ openclaw: { sandbox: 'docker' }, stack: { images: { sandbox: image } } });
  const { host, run } = await provisionedStack(proof, stage, `sandbox-${version.label}`, { version, more });
  proof.figure('bare server to proved gateway with a sandbox', seconds(run.ms));
  return host;
}

/** Who it is, what it reaches, and a file that stays. */
const COMMAND = 'id -u; cat /proc/net/route | wc -l; ls /var/run/docker.sock; echo kept > /workspace/note';

async function runsCommands(proof: Proof, host: LabHost): Promise<void> {
  const message = `[[tool: exec ${JSON.stringify({ command: COMMAND })}]]`;
  const fact = turn({ message, seconds: 180 });
  const began = Date.now();
  const { stdout, stderr, code } = await host.exec(render(fact.read), { timeoutMs: 400_000 });
  const { answer, error } = fact.parse({ stdout, stderr, exitCode: code ?? 1 });
  proof.figure('a turn with a command', seconds(Date.now() - began));
  const told = error ?? answer;
  proof.check('a turn ran a command as nobody of the host', /The tool said: 1000\n/.test(told), told);
  proof.check('it has no route and no Docker', /\n1\n.*No such file/s.test(told), told);
  const made = await must(
    host,
    `docker inspect -f '{{.HostConfig.NetworkMode}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Privileged}}' openclaw-sbx-shared`,
  );
  proof.check('Docker made it as the door says', made.trim() === 'none true false', made);
  // Until 2026.8 OpenClaw mounts the sandbox's workspace read-only: its own tools write there for it.
  const left = await must(host, `find ${FOLDER}/data -name note`);
  proof.check('nothing that it wrote lies in the gateway’s state', left === '', left);
}
