// sandbox: with `openclaw.sandbox: docker` a whole turn runs a command in a container that reaches nothing, in both versions.
import { render } from '../../src/activities/script.js';
import { turn } from '../../src/commands/turn.js';
import { ensureModelServer } from '../lab/images/model-server.js';
import { ensureStackImages } from '../lab/images/stack.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import { type Proof, seconds } from './proof.js';
import { must } from './published.js';
import { FOLDER } from './sabotage.js';
import { chosenVersions, type StackVersion, stackSettings } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';

export async function sandbox(proof: Proof): Promise<void> {
  for (const version of chosenVersions()) await onStage(proof, (stage) => sandboxed(proof, stage, version));
}

async function sandboxed(proof: Proof, stage: Stage, version: StackVersion): Promise<void> {
  const { label } = version;
  const host = await provisioned(proof, stage, version);
  await runsCommands(proof, host, label);
  const seen = await stage.cli(['verify', '-s', host.name, '--json']);
  proof.check(`${label}: verify is green`, seen.code === 0, said(seen));
  await must(host, `docker stop -t 5 openclaw-docker-proxy >/dev/null`);
  const blind = await stage.cli(['verify', '-s', host.name, '--only', 'verify.sandbox-door', '--json']);
  proof.check(`${label}: verify sees that no sandbox can be made`, blind.code === 3, said(blind));
}

const said = ({ code, stdout, stderr }: CliResult): string =>
  `exit ${code} ${(stdout + stderr).slice(-2_500)}`;

async function provisioned(proof: Proof, stage: Stage, version: StackVersion): Promise<LabHost> {
  const say = (line: string): void => proof.say(line);
  const settings = await stackSettings(version, new URL((await ensureModelServer(say)).url).host, say);
  const { registry, images } = await ensureStackImages(say, ['sandbox']);
  const { repository, version: tag } = images.sandbox;
  const specs = [{ name: `sandbox-${version.label}`, distro: 'debian13', memory: '6g' }] as const;
  const [host] = (await stage.hosts(specs, settings)) as [LabHost];
  stage.set(host.name, {
    openclaw: { sandbox: 'docker' },
    stack: { images: { sandbox: { repository: `${registry}/${repository}`, version: tag } } },
  });
  const run = await stage.provision(host.name);
  proof.check(`${version.label}: provisioned`, run.code === 0, said(run));
  proof.figure(`${version.label}: bare server to proved gateway with a sandbox`, seconds(run.ms));
  return host;
}

/** Who it is, what it reaches, and a file that stays. */
const COMMAND = 'id -u; cat /proc/net/route | wc -l; ls /var/run/docker.sock; echo kept > /workspace/note';

async function runsCommands(proof: Proof, host: LabHost, label: string): Promise<void> {
  const message = `[[tool: exec ${JSON.stringify({ command: COMMAND })}]]`;
  const fact = turn({ message, seconds: 180 });
  const began = Date.now();
  const { stdout, stderr, code } = await host.exec(render(fact.read), { timeoutMs: 400_000 });
  const { answer, error } = fact.parse({ stdout, stderr, exitCode: code ?? 1 });
  proof.figure(`${label}: a turn with a command`, seconds(Date.now() - began));
  const told = error ?? answer;
  proof.check(
    `${label}: a turn ran a command as nobody of the host`,
    /The tool said: 1000\n/.test(told),
    told,
  );
  proof.check(`${label}: it has no route and no Docker`, /\n1\n.*No such file/s.test(told), told);
  const made = await must(
    host,
    `docker inspect -f '{{.HostConfig.NetworkMode}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Privileged}}' openclaw-sbx-shared`,
  );
  proof.check(`${label}: Docker made it as the door says`, made.trim() === 'none true false', made);
  // Until 2026.8 OpenClaw mounts the sandbox's workspace read-only: its own tools write there for it.
  const left = await must(host, `find ${FOLDER}/data -name note`);
  proof.check(`${label}: nothing that it wrote lies in the gateway’s state`, left === '', left);
}
