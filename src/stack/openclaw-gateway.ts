// OpenClaw's settings of the gateway: who may connect, from where, and what it writes down.
import type { Server } from '../model.js';
import {
  critical,
  fileSecret,
  type Json,
  missing,
  plain,
  type Row,
  SECRETS_FILE,
  since8,
} from './openclaw-row.js';

/** The n-th address of a network: 172.16.253.0/28 and 3 make 172.16.253.3. */
export function addressIn(network: string, n: number): string {
  const bytes = (network.split('/')[0] ?? '').split('.').map(Number);
  const last = bytes.pop() ?? 0;
  return [...bytes, last + n].join('.');
}

/** Exactly the reverse proxy; tailscale serves from the host itself. Nobody: no forwarded header is believed. */
function trusted({ proxy, stack }: Server): Json {
  if (proxy.kind === 'none') return [];
  return [addressIn(stack.proxy_subnet, proxy.kind === 'tailscale' ? 1 : 3)];
}

/** Nowhere but on the host itself where no proxy gives the gateway a name. */
export function originsOf({ openclaw, proxy }: Server): string[] {
  if (openclaw.origins.length > 0) return openclaw.origins;
  return [proxy.domain === undefined ? 'http://127.0.0.1:18789' : `https://${proxy.domain}`];
}

/** On top of what OpenClaw itself takes for a secret. */
export const SECRET_SHAPES: readonly string[] = [
  '\\bsk-[A-Za-z0-9_-]{16,}',
  '\\bpa-[A-Za-z0-9_-]{16,}',
  '\\bxox[abp]-[A-Za-z0-9-]{10,}',
  '\\bxapp-[A-Za-z0-9-]{10,}',
  '\\b\\d{8,10}:[A-Za-z0-9_-]{35}\\b',
  '\\bBearer\\s+([A-Za-z0-9._~+/=-]{16,})',
  '\\b[A-Fa-f0-9]{64}\\b',
];

const NOT_ON_OFF =
  'no on and off any more: redaction cannot be turned off; logging.redactPatterns names what to redact';

export const GATEWAY_ROWS: readonly Row[] = [
  critical('gateway.mode', 'local'),
  critical('gateway.port', 18789),
  critical('gateway.bind', 'lan', { guide: 'gateway.bind' }),
  critical('gateway.trustedProxies', trusted, { guide: 'gateway.trustedProxies' }),
  critical(`secrets.providers.clincher`, { source: 'file', path: SECRETS_FILE, mode: 'json' }),
  critical('gateway.auth.mode', 'token', { guide: 'gateway.auth.mode' }),
  critical('gateway.auth.token', fileSecret('gatewayToken'), { guide: 'gateway.auth.token' }),
  critical('gateway.auth.allowTailscale', false, { guide: 'gateway.auth.allowTailscale' }),
  critical('gateway.auth.rateLimit', { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000 }),
  critical('gateway.tailscale.mode', 'off'),
  critical('gateway.controlUi.allowedOrigins', originsOf, { guide: 'gateway.controlUi.allowedOrigins' }),
  plain(since8(null, 'gateway.controlUi.allowInsecureAuth'), false, {
    guide: 'gateway.controlUi.allowInsecureAuth',
    lacking: 'gone, and with it the insecure way in: plain HTTP is refused',
  }),
  critical('gateway.controlUi.dangerouslyDisableDeviceAuth', false, {
    guide: 'gateway.controlUi.dangerouslyDisableDeviceAuth',
  }),
  critical('gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback', false),
  critical('gateway.nodes.browser.mode', 'off', { guide: 'gateway.nodes.browser.mode' }),
  critical(since8('gateway.terminal.enabled', null), false, {
    lacking: 'has no terminal that could be left open',
  }),
  critical('discovery.mdns.mode', 'off', { guide: 'discovery.mdns.mode' }),
  plain('logging.file', '/home/node/.openclaw/logs/openclaw.log', { guide: 'logging.file' }),
  plain('logging.consoleStyle', 'json', { guide: 'logging.format' }),
  plain(since8(null, 'logging.redactSensitive'), 'tools', {
    guide: 'logging.redactSensitive',
    lacking: NOT_ON_OFF,
  }),
  critical('logging.redactPatterns', [...SECRET_SHAPES]),
  critical('session.dmScope', 'per-channel-peer', { guide: 'session.dmScope' }),
  plain('update.checkOnStart', false),
  critical('update.auto.enabled', false),
  plain(since8('telemetry.enabled', null), false, { lacking: 'sends none' }),
  plain(since8('models.catalogRefresh.enabled', null), false, { lacking: 'fetches no catalogue' }),
  plain('diagnostics.otel.enabled', false, { guide: 'telemetry.otlp' }),
  critical('browser.enabled', false),
  critical('commands.restart', false),
  critical('commands.config', false),
  // Older versions write these by themselves, and newer ones do not start with them.
  plain(since8(null, 'meta.lastTouchedAt'), () => undefined),
  plain(since8(null, 'commands.ownerDisplay'), () => undefined),
  missing(
    'memory.redact',
    'memory has no redaction of its own; logging.redactPatterns covers logs and transcripts',
  ),
  missing('memory.namespace.mode', 'memory has no namespaces; session.dmScope keeps conversations apart'),
];
