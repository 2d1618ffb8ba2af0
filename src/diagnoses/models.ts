// No model answers: the gateway does not get to LiteLLM, or LiteLLM not to its providers.
import { defineCheck, fail, pass, rerun, runsGateway, unknown } from '../checks/define.js';
import { REFUSED, reachable } from '../checks/egress-targets.js';
import { wayOut } from '../commands/way-out.js';
import { defineDiagnosis, differs, down, failed, notHeld } from './define.js';
import { converge, heal } from './repairs.js';

export const modelsUnreachable = defineDiagnosis({
  id: 'diagnose.models',
  symptom: 'The agent reaches no model',
  why: 'The gateway takes every message, and answers none.',
  source: 'guide Step 12, row 5; https://docs.litellm.ai/docs/proxy/health',
  suspects: [
    {
      id: 'litellm-down',
      title: 'LiteLLM does not run',
      needs: [down('litellm')],
      also: [failed('verify.litellm')],
      repair: heal('litellm'),
    },
    {
      id: 'litellm-address',
      title: 'the gateway asks elsewhere than at LiteLLM',
      needs: [differs('openclaw.config', /models\.providers|agents\.defaults\.model\b/, 3)],
      repair: converge('openclaw.config,stack.services'),
    },
    {
      id: 'litellm-key',
      title: 'LiteLLM does not take the gateway’s key',
      needs: [failed('verify.models', /key/)],
      also: [differs('stack.secrets', /./, 2), differs('stack.env', /./, 2)],
      repair: converge('stack.env,stack.secrets,stack.models,stack.services'),
    },
    {
      id: 'litellm-models',
      title: 'LiteLLM has not the models that are configured',
      needs: [failed('verify.models', /is missing/)],
      also: [differs('stack.models', /model_name|model:/, 2)],
      repair: converge('stack.models,stack.services'),
    },
    {
      id: 'provider-keys',
      title: 'keys of providers on the server are not the vault’s',
      needs: [differs('stack.env', /_KEY/, 2)],
      repair: converge('stack.env,stack.services'),
      byHand: ({ name }) => [`clincher run smoke -s ${name}   asks each model, and costs a few words`],
    },
  ],
});

const way = defineCheck({
  id: 'diagnose.way-out',
  title: 'LiteLLM knows the egress proxy',
  why: 'Without it no provider is reached, though the proxy and its list are in order.',
  source: 'guide Step 12, row 6; https://docs.litellm.ai/docs/guides/security_settings',
  vantage: 'host',
  wanted: runsGateway,
  facts: (server) => ({ way: wayOut(reachable(server)[0] ?? REFUSED) }),
  judge({ way: { proxy, status, error } }, server) {
    if (status !== undefined) return pass(`${proxy} answers ${status}`);
    if (proxy === '')
      return fail(['LiteLLM has no HTTPS_PROXY'], rerun(server, 'stack.compose,stack.services'));
    // Dead, or somewhere else: which of the two, the proxy's own check says.
    return proxy.includes('openclaw-egress:4750')
      ? unknown(`LiteLLM gets no answer from ${proxy}: ${error}`)
      : fail([`LiteLLM asks ${proxy}: ${error}`], rerun(server, 'stack.compose,stack.services'));
  },
});

export const providersUnreachable = defineDiagnosis({
  id: 'diagnose.providers',
  symptom: 'LiteLLM reaches no provider',
  why: 'Every model fails at once, and each provider says that it is well.',
  source: 'guide Step 12, row 6; https://github.com/stripe/smokescreen',
  asks: [way],
  suspects: [
    {
      id: 'egress-down',
      title: 'the egress proxy does not run',
      needs: [down('openclaw-egress')],
      also: [notHeld('verify.egress-proxy')],
      repair: heal('openclaw-egress'),
    },
    {
      id: 'litellm-proxy',
      title: 'LiteLLM does not know the egress proxy',
      needs: [failed('diagnose.way-out', /./, 3)],
      also: [differs('stack.compose', /PROXY/)],
      repair: converge('stack.compose,stack.services'),
    },
  ],
});
