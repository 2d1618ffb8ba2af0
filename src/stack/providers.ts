// The model providers of the guide (Step 6): names of their keys, the hosts they answer on, and LiteLLM's name for them.

export interface Provider {
  /** Key in `providers` of clincher.yaml. */
  id: string;
  title: string;
  /** Environment variables that LiteLLM reads their keys from; none where no key is needed. */
  keys: readonly string[];
  /** What its models begin with in LiteLLM: `<prefix>/<id>`. */
  prefix: string;
  /** Hosts that its API answers on, as Smokescreen's list writes them. Empty where `api_base` says it. */
  domains: readonly string[];
  /** Its address must be configured: there is no public one. */
  needsBase?: boolean;
}

const provider = (
  id: string,
  title: string,
  key: string,
  prefix: string,
  ...domains: string[]
): Provider => ({
  id,
  title,
  keys: [key],
  prefix,
  domains,
});

export const PROVIDERS: readonly Provider[] = [
  provider('anthropic', 'Anthropic', 'ANTHROPIC_API_KEY', 'anthropic', 'api.anthropic.com'),
  provider('openai', 'OpenAI', 'OPENAI_API_KEY', 'openai', 'api.openai.com'),
  provider('xai', 'xAI', 'XAI_API_KEY', 'xai', 'api.x.ai'),
  provider('groq', 'Groq', 'GROQ_API_KEY', 'groq', 'api.groq.com'),
  provider('gemini', 'Google Gemini', 'GEMINI_API_KEY', 'gemini', 'generativelanguage.googleapis.com'),
  provider('deepseek', 'DeepSeek', 'DEEPSEEK_API_KEY', 'deepseek', 'api.deepseek.com'),
  provider('openrouter', 'OpenRouter', 'OPENROUTER_API_KEY', 'openrouter', 'openrouter.ai'),
  {
    id: 'qianfan',
    title: 'Baidu Qianfan',
    keys: ['QIANFAN_AK', 'QIANFAN_SK'],
    prefix: 'openai',
    domains: ['qianfan.baidubce.com'],
  },
  provider('mistral', 'Mistral AI', 'MISTRAL_API_KEY', 'mistral', 'api.mistral.ai'),
  provider('together', 'Together AI', 'TOGETHERAI_API_KEY', 'together_ai', 'api.together.xyz'),
  provider('fireworks', 'Fireworks AI', 'FIREWORKS_AI_API_KEY', 'fireworks_ai', 'api.fireworks.ai'),
  provider('perplexity', 'Perplexity', 'PERPLEXITYAI_API_KEY', 'perplexity', 'api.perplexity.ai'),
  provider('cohere', 'Cohere', 'COHERE_API_KEY', 'cohere', 'api.cohere.com', 'api.cohere.ai'),
  provider('replicate', 'Replicate', 'REPLICATE_API_KEY', 'replicate', 'api.replicate.com'),
  provider('cerebras', 'Cerebras', 'CEREBRAS_API_KEY', 'cerebras', 'api.cerebras.ai'),
  provider('sambanova', 'SambaNova', 'SAMBANOVA_API_KEY', 'sambanova', 'api.sambanova.ai'),
  provider('nvidia', 'NVIDIA NIM', 'NVIDIA_NIM_API_KEY', 'nvidia_nim', 'integrate.api.nvidia.com'),
  provider('ai21', 'AI21 Labs', 'AI21_API_KEY', 'ai21_chat', 'api.ai21.com'),
  {
    id: 'azure',
    title: 'Azure OpenAI',
    keys: ['AZURE_API_KEY'],
    prefix: 'azure',
    domains: [],
    needsBase: true,
  },
  provider('voyage', 'Voyage AI', 'VOYAGE_API_KEY', 'voyage', 'api.voyageai.com'),
  provider('jina', 'Jina AI', 'JINA_AI_API_KEY', 'jina_ai', 'api.jina.ai'),
  {
    id: 'vllm',
    title: 'vLLM, a model server of your own',
    keys: [],
    prefix: 'hosted_vllm',
    domains: [],
    needsBase: true,
  },
];

export const findProvider = (id: string): Provider | undefined => PROVIDERS.find((each) => each.id === id);
