// stack.models: liteLLM knows the models, their budgets and rates.
import { fileStep } from './stack-file-step.js';

export const stackModels = fileStep({
  id: 'stack.models',
  title: 'LiteLLM knows the models, their budgets and rates',
  why: 'Budgets that stand elsewhere than here are ignored by LiteLLM, and a runaway agent then spends without an end.',
  source: 'guide Step 3; https://docs.litellm.ai/docs/proxy/provider_budget_routing',
  owns: (path) => /\/(litellm-config\.yaml|clincher_usage\.py)$/.test(path),
});
