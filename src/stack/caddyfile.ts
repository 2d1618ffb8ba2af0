// Caddy's configuration: TLS, headers that browsers obey, and a client's address that the client cannot make up.
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { hasFilebrowser } from './convenience.js';
import { FILES_PATH, FILES_PORT } from './filebrowser.js';
import { GATEWAY_PORT, gatewayAddress } from './proxy-net.js';
import { commented } from './yaml-text.js';

/** Inside the container only: says that the configuration is loaded. */
export const HEALTH_PORT = 2020;

const HEADING =
  'The way in from the web. Written by clincher from `proxy` of clincher.yaml: edit that, then `clincher run provision`.';

/** Caddy puts in variables before it reads words, quoted ones too. */
function word(text: string): string {
  if (/\{[$%]/.test(text))
    throw new ClincherError(
      'CONFIG_INVALID',
      'A setting of the proxy holds `{$`, which Caddy reads as a variable.',
    );
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => (line === '' ? '' : `\t${line}`));
const block = (head: string, lines: readonly string[]): string[] => [`${head} {`, ...indent(lines), '}'];

/** `admin` would let whoever gets into the container change all this by HTTP. */
const globals = ({ proxy }: Server): string[] => [
  'admin off',
  ...(proxy.email === undefined ? [] : [`email ${word(proxy.email)}`]),
  ...block('servers', ['protocols h1 h2']),
  ...(proxy.oidc.enabled
    ? ['order authenticate before respond', 'order authorize before respond', ...security(proxy)]
    : []),
];

const HEADERS = [
  'Strict-Transport-Security "max-age=31536000"',
  'X-Content-Type-Options nosniff',
  'X-Frame-Options DENY',
  'Referrer-Policy no-referrer',
  'Permissions-Policy "camera=(), geolocation=(), microphone=(), payment=(), usb=()"',
  '# Only where the gateway does not say more itself.',
  `?Content-Security-Policy "frame-ancestors 'none'; object-src 'none'; base-uri 'self'"`,
  '-Server',
  '-Via',
];

const passed = (to: string): string[] =>
  block(`reverse_proxy ${to}`, [
    '# Overwritten: what a client writes there itself must not count.',
    'header_up X-Forwarded-For {remote_host}',
    'header_up X-Real-IP {remote_host}',
    'header_up -Forwarded',
    'header_up -Tailscale-*',
  ]);

const upstream = (server: Server): string[] => passed(`${gatewayAddress(server)}:${GATEWAY_PORT}`);

/** Its path stays as it is: Filebrowser knows that it is not at the top. A `handle` comes before the sign-on, so it asks for it itself, and everybody: no token is judged behind it. */
const files = ({ proxy }: Server): string[] => [
  `redir ${FILES_PATH} ${FILES_PATH}/`,
  ...block(`handle ${FILES_PATH}/*`, [
    ...(proxy.oidc.enabled ? ['authorize with people'] : []),
    ...passed(`openclaw-filebrowser:${FILES_PORT}`),
  ]),
];

function site(server: Server): string[] {
  const { proxy } = server;
  if (proxy.domain === undefined)
    throw new ClincherError('CONFIG_INVALID', 'proxy.kind `caddy` needs proxy.domain.');
  return block(proxy.domain, [
    ...(proxy.tls === 'internal' ? ['tls internal'] : []),
    ...block('header', HEADERS),
    ...(proxy.oidc.enabled ? signOn() : []),
    ...(hasFilebrowser(server) ? files(server) : []),
    ...upstream(server),
  ]);
}

const health = block(`http://127.0.0.1:${HEALTH_PORT}`, ['bind 127.0.0.1', 'respond 200']);

export const caddyfile = (server: Server): string =>
  `${commented(HEADING)}\n${[['{', ...indent(globals(server)), '}'], health, site(server)]
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')}`;

/** Of the plugin caddy-security: stock Caddy has no single sign-on, so `stack.images.caddy` must be an image with it. */
const security = ({ oidc, domain = '' }: Server['proxy']): string[] =>
  block('security', [
    ...block('oauth identity provider oidc', [
      'realm oidc',
      'driver generic',
      `client_id ${word(oidc.client_id ?? '')}`,
      'client_secret {env.OIDC_CLIENT_SECRET}',
      'scopes openid email profile',
      `base_auth_url ${word(oidc.issuer ?? '')}`,
      `metadata_url ${word(`${(oidc.issuer ?? '').replace(/\/$/, '')}/.well-known/openid-configuration`)}`,
    ]),
    ...block('authentication portal sign_on', [
      'crypto default token lifetime 3600',
      'enable identity provider oidc',
      `cookie domain ${word(domain)}`,
      ...block('transform user', [
        'match realm oidc',
        ...(oidc.allowed_domains.length === 0
          ? []
          : [`regex match email ${word(emailOf(oidc.allowed_domains))}`]),
        'action add role clincher/person',
      ]),
    ]),
    ...block('authorization policy people', [
      'set auth url /auth/oauth2/oidc',
      'allow roles clincher/person',
    ]),
  ]);

const emailOf = (domains: readonly string[]): string =>
  `@(?:${domains.map((domain) => domain.replaceAll('.', '\\.')).join('|')})$`;

/** A program has no browser to sign on with: one that shows a token is the gateway's to judge, as without single sign-on. */
const signOn = (): string[] => [
  ...block('route /auth/*', ['authenticate with sign_on']),
  ...block('@browser', ['not header Authorization "Bearer *"', 'not path /auth/*']),
  'authorize @browser with people',
];
