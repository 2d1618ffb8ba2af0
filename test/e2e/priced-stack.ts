// A stack with memory, and with a model that costs something: for proofs that ask what outlives what.
import type { ModelServer } from '../lab/images/model-server.js';
import type { LabHost } from '../lab/lab.js';
import type { Proof } from './proof.js';
import { type StackVersion, stackSettings, versions } from './stack-stage.js';
import type { Stage } from './stage.js';

/** LiteLLM knows its price, and any is more than it may spend. */
const PRICED = { name: 'local/priced', provider: 'openai', id: 'gpt-4o-mini', budget_usd: 0 };

const extra = (models: ModelServer): Record<string, unknown> => ({
  providers: { openai: { api_base: `${models.url}/v1` } },
  memory: { enabled: true, provider: 'vllm', model: 'embed' },
});

const modelsOf = ({ models }: Record<string, unknown>): object[] => (models as { list: object[] }).list;

/** The host, and clincher.yaml with the key that it refers to; nothing has run yet. */
export async function pricedHost(
  proof: Proof,
  stage: Stage,
  name: string,
  models: ModelServer,
  version: StackVersion = versions[0]!,
): Promise<LabHost> {
  const settings = await stackSettings(version, new URL(models.url).host, (line) => proof.say(line));
  const [host] = (await stage.hosts([{ name, distro: 'debian13', memory: '6g' }], settings)) as [LabHost];
  stage.set(name, extra(models));
  stage.set(name, { models: { list: [...modelsOf(settings), PRICED] } });
  const key = await stage.cli(['secrets', 'set', 'openai_api_key', '-s', name], {
    input: 'sk-lab-not-a-real-key-000000',
  });
  if (key.code !== 0) throw new Error(key.stderr);
  return host;
}

export async function pricedStack(
  proof: Proof,
  stage: Stage,
  name: string,
  models: ModelServer,
): Promise<LabHost> {
  const host = await pricedHost(proof, stage, name, models);
  const run = await stage.provision(name);
  proof.check('the host is provisioned', run.code === 0, (run.stdout + run.stderr).slice(-3_000));
  if (run.code !== 0) throw new Error(`not provisioned: exit ${run.code}`);
  return host;
}
