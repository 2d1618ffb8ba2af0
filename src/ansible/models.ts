// The peer’s `litellm_models` as `models.list`, with the providers that answer them.
import { isPlain, type Plain } from '../config/merge.js';
import { PROVIDERS, type Provider } from '../stack/providers.js';

export interface Models {
  list: Plain[];
  /** Those whose key is there. */
  providers: Provider[];
  /** Those that are left out. */
  lacking: { name: string; why: string }[];
}

/** A model whose provider has no key would only open a way out and ask for one; it comes back with `clincher.yaml`. */
export function modelsOf(
  value: unknown,
  maxTokens: unknown,
  hasKey: (provider: Provider) => boolean,
): Models {
  const all = (Array.isArray(value) ? value : []).filter(isPlain);
  const known = all.map((model) => ({ model, provider: providerOf(model) }));
  const some = known.some(({ provider }) => provider !== undefined && hasKey(provider));
  const isKept = (provider: Provider): boolean => hasKey(provider) || !some;
  const list: Plain[] = [];
  const providers = new Set<Provider>();
  const lacking: Models['lacking'] = [];
  for (const { model, provider } of known) {
    const name = String(model['name']);
    if (provider === undefined) lacking.push({ name, why: 'its provider is not known' });
    else if (model['max_budget'] === undefined) lacking.push({ name, why: 'it has no max_budget' });
    else if (!isKept(provider)) lacking.push({ name, why: `there is no ${provider.id}_api_key` });
    else {
      list.push(entry(model, provider, maxTokens));
      providers.add(provider);
    }
  }
  return { list, providers: [...providers], lacking };
}

function providerOf({ name, key_env }: Plain): Provider | undefined {
  const [first] = String(name).split('/');
  return PROVIDERS.find(({ id, keys }) =>
    key_env === undefined ? id === first : keys.includes(String(key_env)),
  );
}

/** LiteLLM’s prefix is put there by clincher itself. */
function entry({ name, model, max_budget, rpm }: Plain, provider: Provider, maxTokens: unknown): Plain {
  const id = String(model ?? name);
  return {
    name,
    provider: provider.id,
    id: id.startsWith(`${provider.prefix}/`) ? id.slice(provider.prefix.length + 1) : id,
    budget_usd: Number(max_budget),
    ...(rpm === undefined ? {} : { requests_per_minute: Number(rpm) }),
    ...(maxTokens === undefined ? {} : { max_tokens: Number(maxTokens) }),
  };
}
