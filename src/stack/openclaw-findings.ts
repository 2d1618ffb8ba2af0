// Findings of OpenClaw's own audit that this deployment means, each with its reason; everything else is for the operator.

export const MEANT_FINDINGS: readonly { check: string; reason: string }[] = [
  {
    check: 'gateway.probe_failed',
    reason:
      'the audit’s own probe asks for a scope that it has not; readiness and the token are proved apart',
  },
  {
    check: 'gateway.probe_auth_secretref_unavailable',
    reason: 'the audit resolves no references for its probe (2026.3); the token is proved apart',
  },
  {
    check: 'config.secrets.hooks_token_in_config',
    reason: 'it is the name of a variable: hooks.token takes no reference to a secret',
  },
  {
    check: 'sandbox.browser_container.docker_probe_timeout',
    reason: 'the gateway has no way to Docker where there is no sandbox',
  },
];
