// rotate-keys: keys that others have made: a good one is taken, one that its maker refuses is undone; and the backups' own key.
import type { ModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import type { CliResult } from './cli.js';
import type { Proof } from './proof.js';
import { must } from './published.js';
import { rotateBackupKey } from './rotate-backup-key.js';
import { FOLDER } from './sabotage.js';
import { provisionedStack } from './stack-stage.js';
import { onStage, type Stage } from './stage.js';
import { tail, told } from './verdicts.js';

const NAME = 'keys';
const [FIRST, SECOND, REFUSED, SPARE] = ['first', 'second', 'refused', 'spare'].map(
  (each) => `sk-lab-${each}-key-of-nobody-000000`,
) as [string, string, string, string];
const HOOKS = ['one', 'two'].map((each) => `hook-${each}-0123456789abcdef0123456789abcdef`) as [
  string,
  string,
];

interface Scene {
  proof: Proof;
  stage: Stage;
  host: LabHost;
  models: ModelServer;
}

export async function rotateKeys(proof: Proof): Promise<void> {
  await onStage(proof, async (stage) => {
    const { host, models } = await provisionedStack(proof, stage, NAME, {
      more: (address) => ({
        providers: { vllm: { api_base: `http://${address}/v1` } },
      }),
    });
    const scene = { proof, stage, host, models };
    try {
      await withKeys(scene);
      await goodKey(scene);
      await refusedKey(scene);
      await putInBefore(scene);
      await channel(scene);
      await twice(scene);
      await rotateBackupKey({ ...scene, name: NAME });
    } finally {
      await models.reset();
    }
    const end = await stage.cli(['verify', '-s', NAME, '--json'], { timeoutMs: 400_000 });
    proof.check('at the end verify is green', end.code === 0, told(end));
  });
}

/** The model server wants keys from now on, and a webhook is turned on. */
async function withKeys({ proof, stage, models }: Scene): Promise<void> {
  stage.set(NAME, {
    providers: { vllm: { key: `secret://${NAME}/vllm_api_key` } },
    channels: { webhook: { enabled: true } },
  });
  await put(stage, 'vllm_api_key', FIRST);
  await put(stage, 'webhook_token', HOOKS[0]);
  await models.takeOnly([FIRST, SECOND, SPARE]);
  const run = await stage.provision(NAME);
  proof.check('the host has keys of others', run.code === 0, (run.stdout + run.stderr).slice(-2_000));
}

async function put(stage: Stage, name: string, value: string): Promise<void> {
  const { code, stderr } = await stage.cli(['secrets', 'set', name, '-s', NAME], { input: value });
  if (code !== 0) throw new Error(stderr);
}

/** Starts, answers the gate as an operator does, and follows to the end. */
async function rotate(scene: Scene, secret: string, value: string): Promise<CliResult> {
  const { stage } = scene;
  const words = ['run', 'rotate-key', '-s', NAME, '--secret', secret, '--yes', '--on-failure', 'abort'];
  const asked = await stage.cli([...words, '--json'], { timeoutMs: 600_000 });
  if (asked.code !== 8) return asked;
  const gate = `new-${secret.replaceAll('_', '-')}`;
  const answer = await stage.cli(['answer', gate, '-', '-s', NAME], { input: value });
  if (answer.code !== 0) return answer;
  return stage.cli(['follow', '@last', '-s', NAME, '--json'], { timeoutMs: 600_000 });
}

const envOf = (host: LabHost, container: string, variable: string): Promise<string> =>
  must(host, `docker exec ${container} printenv ${variable}`).then((text) => text.trim());

const silentOn = (proof: Proof, what: string, said: CliResult, ...values: string[]): void =>
  proof.check(
    `${what}: no value in what was said`,
    !values.some((value) => (said.stdout + said.stderr).includes(value)),
  );

async function vaultIs(scene: Scene, when: string): Promise<void> {
  const { stdout } = await scene.stage.cli(['secrets', 'ls', '-s', NAME]);
  scene.proof.check(`${when}: the vault holds one value`, !/_before|_next/.test(stdout), stdout);
}

async function goodKey(scene: Scene): Promise<void> {
  const { proof, host, models } = scene;
  const began = Date.now();
  const done = await rotate(scene, 'vllm_api_key', SECOND);
  proof.check('a key of a provider is rotated', done.code === 0, tail(done));
  proof.figure('a key of a provider, asked for and proved', `${Date.now() - began} ms`);
  proof.check('LiteLLM has the new one', (await envOf(host, 'openclaw-litellm', 'VLLM_API_KEY')) === SECOND);
  proof.check('where the old one ends is told', (done.stdout + done.stderr).includes('revoke'), done.stderr);
  silentOn(proof, 'a key of a provider', done, FIRST, SECOND);
  await vaultIs(scene, 'a good key');
  await models.takeOnly([SECOND, SPARE]);
  const asked = await scene.stage.cli(
    ['run', 'smoke', '-s', NAME, '--yes', '--json', '--only', 'smoke.local/*'],
    {
      timeoutMs: 300_000,
    },
  );
  proof.check('with the old one revoked, models answer', asked.code === 0, tail(asked));
}

/** Its maker does not know it: everything is as it was. */
async function refusedKey(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const began = Date.now();
  const done = await rotate(scene, 'vllm_api_key', REFUSED);
  proof.check(
    'a key that is refused: NOT_ROTATED, and why',
    done.code === 1 && done.stdout.includes('NOT_ROTATED') && done.stdout.includes('refuses the key'),
    tail(done),
  );
  proof.figure('a key that is refused, undone', `${Date.now() - began} ms`);
  proof.check(
    'LiteLLM has the old one again',
    (await envOf(host, 'openclaw-litellm', 'VLLM_API_KEY')) === SECOND,
  );
  silentOn(proof, 'a key that is refused', done, SECOND, REFUSED);
  await vaultIs(scene, 'a refused key');
  const same = await rotate(scene, 'vllm_api_key', SECOND);
  proof.check('the one in use is not taken for a new one', same.code === 2, tail(same));
  await scene.stage.cli(['abort', '@last', '-s', NAME], { timeoutMs: 60_000 });
}

/** Nobody is at the terminal: the value waits in the vault. */
async function putInBefore(scene: Scene): Promise<void> {
  const { proof, stage, host } = scene;
  await put(stage, 'vllm_api_key_next', SPARE);
  const words = ['run', 'rotate-key', '-s', NAME, '--secret', 'vllm_api_key', '--yes', '--json'];
  const done = await stage.cli([...words, '--on-failure', 'abort'], { timeoutMs: 600_000 });
  proof.check('one that was put in before is taken without a question', done.code === 0, tail(done));
  proof.check('and LiteLLM has it', (await envOf(host, 'openclaw-litellm', 'VLLM_API_KEY')) === SPARE);
  await vaultIs(scene, 'put in before');
}

const knock = (host: LabHost, token: string): Promise<string> =>
  must(
    host,
    `docker exec -i openclaw sh -c 'read t; curl -s -o /dev/null -w "%{http_code}" -X POST -H "authorization: Bearer $t" -H "content-type: application/json" -d "{}" http://127.0.0.1:18789/hooks/wake'`,
    `${token}\n`,
  );

async function channel(scene: Scene): Promise<void> {
  const { proof, host } = scene;
  const done = await rotate(scene, 'webhook_token', HOOKS[1]);
  proof.check('the token of a channel is rotated', done.code === 0, tail(done));
  const statuses = [await knock(host, HOOKS[1]), await knock(host, HOOKS[0])];
  proof.check(
    'the webhook takes the new one and refuses the old',
    /^400,(?:401|429)$/.test(statuses.join()),
    statuses.join(),
  );
  silentOn(proof, 'the token of a channel', done, ...HOOKS);
}

/** The worker dies while the new key is taken up. */
async function twice(scene: Scene): Promise<void> {
  const { proof, stage, host } = scene;
  await put(stage, 'vllm_api_key_next', SECOND);
  const words = ['run', 'rotate-key', '-s', NAME, '--secret', 'vllm_api_key', '--yes', '--json'];
  const going = stage.start([...words, '--on-failure', 'abort']);
  await new Promise((next) => setTimeout(next, 6_000));
  await stage.plane.signal('worker', 'SIGKILL');
  const { code, stdout } = await stage.toTheEnd(going, NAME);
  proof.check('the worker killed: the rotation goes on to its end', code === 0, stdout.slice(-1500));
  proof.check(
    'and LiteLLM has the new one',
    (await envOf(host, 'openclaw-litellm', 'VLLM_API_KEY')) === SECOND,
  );
  await vaultIs(scene, 'the worker killed');
  const clear = await must(
    host,
    `grep -rlF ${SECOND} /run/clincher ${FOLDER}/monitoring /var/log/clincher 2>/dev/null; true`,
  );
  proof.check('the key is nowhere but in .env', clear.trim() === '', clear);
}
