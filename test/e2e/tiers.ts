// tiers: `stack.tier: auto` gives each service a share of what the host really has, and gives it again at the next run.
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { provisionedStack, versions } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { told } from './verdicts.js';

const NAME = 'measured';

export async function tiers(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const more = () => ({ stack: { tier: 'auto', limits: { redis: { cpus: 0.5, memory: '300m' } } } });
    const { host } = await provisionedStack(proof, stage, NAME, { version: versions[1]!, more });
    await shared(proof, host);
    const again = await stage.provision(NAME);
    proof.check('a second run changes nothing', changedIn(again).length === 0, changedIn(again).join());
    const verify = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
    proof.check('verify is green', verify.code === 0, told(verify));
    await tooSmall(proof, stage, host);
  });
}

const changedIn = (run: CliResult): string[] =>
  run.code === 0
    ? run.doc.steps.filter(({ status }) => status === 'changed').map(({ id }) => id)
    : [`exit ${run.code}: ${run.stdout.slice(-1500)}`];

const GIB = 2 ** 30;

const ids = (host: LabHost): Promise<string> => must(host, 'docker ps -q --no-trunc | sort');

/** As Docker holds them to it. */
async function shared(proof: Proof, host: LabHost): Promise<void> {
  const has = Number(await must(host, "awk '/^MemTotal/ { print $2 * 1024 }' /proc/meminfo"));
  const lines = await must(
    host,
    "docker ps -q | xargs docker inspect -f '{{.Name}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}'",
  );
  const given = new Map(
    lines
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name = '', memory, cpus]) => [
        name.slice(1),
        { memory: Number(memory), cpus: Number(cpus) / 1e9 },
      ]),
  );
  const all = [...given.values()];
  const sum = all.reduce((total, { memory }) => total + memory, 0);
  proof.check(
    'each has a limit, and all together are less than the host has',
    given.size === 6 && all.every(({ memory }) => memory > 0) && sum < has,
    `${lines} of ${has}`,
  );
  proof.check(
    'what the configuration says of a service wins',
    given.get('openclaw-redis')?.memory === 300 * 2 ** 20,
    lines,
  );
  const processors = Number(await must(host, 'nproc'));
  const most = Math.max(...all.map(({ cpus }) => cpus));
  proof.check(
    'half a processor is nobody’s',
    most === Math.min(8, processors - 0.5),
    `${most} of ${processors}`,
  );
  const gib = (bytes = 0): string => (bytes / GIB).toFixed(1);
  proof.figure(
    'given to services',
    `${gib(sum)} of ${gib(has)} GiB, ${gib(given.get('openclaw')?.memory)} of them to the gateway`,
  );
}

/** A service that is to have more than there is: told before anything is touched. */
async function tooSmall(proof: Proof, stage: Stage, host: LabHost): Promise<void> {
  const before = await ids(host);
  stage.set(NAME, { stack: { limits: { litellm: { cpus: 1, memory: '900g' } } } });
  const words = ['run', 'provision', '-s', NAME, '--yes', '--json', '--on-failure', 'abort'];
  const run = await stage.cli(words, { timeoutMs: 300_000 });
  const { code = '', message = '' } = run.doc.error ?? {};
  proof.check(
    'a host that cannot hold it: HOST_TOO_SMALL, with figures',
    run.code === 1 &&
      code === 'HOST_TOO_SMALL' &&
      /tier `auto` need 90\d\.\d GiB of memory together/.test(message),
    `${run.code} ${code} ${message}`,
  );
  proof.check('and no container is another', (await ids(host)) === before);
}
