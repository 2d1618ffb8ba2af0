// Nobody reaches the gateway, or it turns its own token away.
import { anyOf, defineDiagnosis, differs, down, failed, notHeld } from './define.js';
import { converge, heal, provision } from './repairs.js';

const unreached = anyOf(notHeld('exposed.anonymous'), notHeld('verify.gateway-ready'));

export const gatewayUnreachable = defineDiagnosis({
  id: 'diagnose.gateway-unreachable',
  symptom: 'The gateway is not reached',
  why: 'Devices and channels then have nobody to talk to.',
  source: 'guide Step 12, row 3; https://docs.openclaw.ai/gateway/security',
  suspects: [
    {
      id: 'gateway-down',
      title: 'it does not run',
      needs: [down('openclaw')],
      also: [unreached],
      repair: heal('openclaw'),
    },
    {
      id: 'gateway-door',
      title: 'it listens, or trusts its proxy, otherwise than configured',
      needs: [differs('openclaw.config', /gateway\.(bind|port|trustedProxies|controlUi)/, 3)],
      also: [unreached],
      repair: converge('openclaw.config,stack.services'),
    },
    {
      id: 'caddy-down',
      title: 'its reverse proxy does not run',
      needs: [down('caddy')],
      also: [unreached],
      repair: heal('caddy'),
    },
    {
      id: 'tunnel-down',
      title: 'its tunnel does not run',
      needs: [down('cloudflared')],
      also: [unreached],
      repair: heal('cloudflared'),
    },
    {
      id: 'proxy-files',
      title: 'its reverse proxy is configured otherwise',
      needs: [differs('stack.proxies', /./, 2), unreached],
      repair: provision('stack.proxies,proxy.*'),
    },
  ],
});

export const gatewayAuth = defineDiagnosis({
  id: 'diagnose.gateway-auth',
  symptom: 'The gateway rejects its token',
  why: 'Whoever has the right token is locked out; or whoever has none is let in.',
  source: 'guide Step 12, row 4; https://docs.openclaw.ai/gateway/tools-invoke-http-api',
  suspects: [
    {
      id: 'gateway-token',
      title: 'the token on the server is not the vault’s, or its mode is another',
      needs: [
        failed('verify.gateway-auth'),
        anyOf(differs('stack.secrets', /./, 2), differs('openclaw.config', /gateway\.auth/, 2)),
      ],
      repair: converge('stack.secrets,openclaw.config,stack.services'),
    },
    {
      id: 'gateway-old-token',
      title: 'it was not started since the token was written',
      needs: [failed('verify.gateway-auth'), differs('stack.services', /openclaw began/, 1)],
      repair: converge('stack.services'),
    },
  ],
});
