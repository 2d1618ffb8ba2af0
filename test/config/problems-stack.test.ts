// One line per contradiction in the stack: what is written, and exactly what is answered, place included.
import { describe, expect, test } from 'vitest';
import { DEFAULTS, problems, told } from './fixture.js';

/** The server begins in line 6; what is written stands from line 9 on. */
const server = (text: string): string => `${DEFAULTS}servers:\n  prod:\n    address: 203.0.113.7\n${text}\n`;

/** Short answers: the place and the sentence, without the path of the server before it. */
const answers = (...lines: string[]): string[] =>
  told(server(lines.map((line) => `    ${line}`).join('\n'))).map((line) =>
    line.replace('servers.prod.', ''),
  );

type Case = [mistake: string, lines: string[], answer: string[]];

const model = (name: string, more = ''): string =>
  `{name: ${name}, provider: anthropic, id: ${name}, budget_usd: 1${more}}`;
const models = (...list: string[]): string =>
  `models: {default: a, heartbeat: a, list: [${list.join(', ')}]}`;

describe('providers', () => {
  test.each<Case>([
    [
      'mistyped',
      ['providers: {antropic: {}, anthropic: {}, voyage: {}}'],
      ['9:17 providers.antropic: unknown provider; did you mean `anthropic`?'],
    ],
    [
      'that nobody knows',
      ['providers: {anthropic: {}, voyage: {}, skynet: {}}'],
      [
        '9:44 providers.skynet: unknown provider; known are anthropic, openai, xai, groq, gemini, deepseek, openrouter, qianfan, mistral, together, fireworks, perplexity, cohere, replicate, cerebras, sambanova, nvidia, ai21, azure, voyage, jina, vllm',
      ],
    ],
    [
      'without the address that only you know',
      ['providers: {anthropic: {}, voyage: {}, azure: {}}'],
      ['9:44 providers.azure.api_base: is missing: Azure OpenAI has no address but your own'],
    ],
    ['with it', ['providers: {anthropic: {}, voyage: {}, azure: {api_base: "https://m.example.com"}}'], []],
    [
      'with half a key too many',
      ['providers: {anthropic: {secret_key: env:A}, voyage: {}}'],
      ['9:41 providers.anthropic.secret_key: is set, and Anthropic has only one key'],
    ],
    ['with a key of two parts', ['providers: {anthropic: {}, voyage: {}, qianfan: {}}'], []],
    [
      'that the default models need, told once',
      ['providers: {voyage: {}}'],
      [
        '7:3 models.list[0].provider: needs the provider `anthropic`, which is not in `providers`; add it there',
      ],
    ],
    [
      'that the memory needs',
      ['providers: {anthropic: {}}', 'stack: {cache: {mode: exact}}'],
      [
        '7:3 memory.provider: needs the provider `voyage`, which is not in `providers`; add it there, or set `memory.enabled: false`',
      ],
    ],
    [
      'that the cache needs',
      ['providers: {anthropic: {}}', 'memory: {enabled: false}'],
      [
        '7:3 stack.cache.mode: needs the provider `voyage`, which is not in `providers`; add it there, or choose `exact`',
      ],
    ],
    [
      'that nothing needs',
      ['providers: {anthropic: {}}', 'memory: {enabled: false}', 'stack: {cache: {mode: exact}}'],
      [],
    ],
    [
      'at a private address that the egress proxy refuses',
      ['providers: {anthropic: {}, voyage: {}, vllm: {api_base: "http://10.0.0.5:8000/v1"}}'],
      [
        '9:61 providers.vllm.api_base: is a private address, which the egress proxy refuses; add its network to `stack.egress.allow_ranges`',
      ],
    ],
    [
      'at a private address that it lets through',
      [
        'providers: {anthropic: {}, voyage: {}, vllm: {api_base: "http://10.0.0.5:8000/v1"}}',
        'stack: {egress: {allow_ranges: [10.0.0.0/24]}}',
      ],
      [],
    ],
    [
      'at the loopback of a container',
      ['providers: {anthropic: {}, voyage: {}, vllm: {api_base: "http://localhost:8000"}}'],
      [
        '9:61 providers.vllm.api_base: is the container’s own loopback; name the machine by its address in the network',
      ],
    ],
  ])('%s', (_, lines, answer) => expect(answers(...lines)).toEqual(answer));

  test('a name that is none by itself says nothing about what needs providers', () =>
    expect(answers('providers: {Anthropic: {}}')).toEqual([
      '9:17 providers.Anthropic: is not a provider name: lower-case letters, digits and -',
    ]));
});

describe('models', () => {
  test.each<Case>([
    [
      'a default that is not there, nearly',
      ['models: {default: anthropic/claude-opus-4-5}'],
      ['9:23 models.default: is no model of `models.list`; did you mean `anthropic/claude-opus-4-6`?'],
    ],
    [
      'a heartbeat that is not there at all',
      ['models: {heartbeat: tiny}'],
      [
        '9:25 models.heartbeat: is no model of `models.list`; there: anthropic/claude-opus-4-6, anthropic/claude-sonnet-4-6, anthropic/claude-haiku-4-5-20251001',
      ],
    ],
    [
      'a fallback that is not there',
      [models(model('a', ', fallbacks: [zzz]'))],
      ['9:112 models.list[0].fallbacks[0]: is no model of `models.list`; there: a'],
    ],
    [
      'a name twice',
      [models(model('a'), model('a'))],
      ['9:108 models.list[1].name: is the name of a model above it too'],
    ],
    [
      'a fallback to itself',
      [models(model('a', ', fallbacks: [a]'))],
      ['9:111 models.list[0].fallbacks: is the model itself; a failure would be tried again and again'],
    ],
    [
      'a circle, told once',
      [
        models(
          model('a', ', fallbacks: [b]'),
          model('b', ', fallbacks: [c]'),
          model('c', ', fallbacks: [b]'),
        ),
      ],
      [
        '9:181 models.list[1].fallbacks: goes in a circle: b → c → b; a failure would be tried again and again',
      ],
    ],
    [
      'two ways to one model are no circle',
      [models(model('a', ', fallbacks: [b, c]'), model('b', ', fallbacks: [c]'), model('c'))],
      [],
    ],
    [
      'a provider that is not there',
      [models(model('a').replace('provider: anthropic', 'provider: anthropi'))],
      [
        '9:67 models.list[0].provider: needs the provider `anthropi`, which is not in `providers`; did you mean `anthropic`?',
      ],
    ],
    [
      'an answer as long as the window',
      [models(model('a', ', context_window: 4096'))],
      ['9:47 models.list[0].max_tokens: leaves no room for a question: the window is 4096 tokens'],
    ],
    [
      'text for a budget, and nothing about the names of a list that is not known',
      [models(model('a').replace('budget_usd: 1', 'budget_usd: "1.50"'))],
      ['9:97 models.list[0].budget_usd: is text; a number is wanted: take the quotes away'],
    ],
  ])('%s', (_, lines, answer) => expect(answers(...lines)).toEqual(answer));
});

const CADDY = 'proxy: {kind: caddy, domain: claw.example.com}';

describe('proxy', () => {
  test.each<Case>([
    [
      'caddy without a name',
      ['proxy: {kind: caddy}'],
      ['9:5 proxy.domain: is missing: `proxy.kind: caddy` needs the public name of the gateway'],
    ],
    [
      'a tunnel without a name',
      ['proxy: {kind: tunnel}'],
      ['9:5 proxy.domain: is missing: `proxy.kind: tunnel` needs the public name of the gateway'],
    ],
    [
      'tailscale without a tailnet',
      ['proxy: {kind: tailscale}'],
      ['9:19 proxy.kind: `tailscale` needs `tailscale.enabled: true`, or there is no tailnet'],
    ],
    ['tailscale with one', ['proxy: {kind: tailscale}', 'tailscale: {enabled: true}'], []],
    ['caddy behind Cloudflare, the default', [CADDY], []],
    [
      'caddy that nobody may reach',
      [CADDY, 'firewall: {web_sources: none}'],
      [
        '10:29 firewall.web_sources: is `none`, so nobody would reach Caddy; name who may, or take `proxy.kind: tunnel` or `tailscale`, which need no open port',
      ],
    ],
    [
      'a certificate authority that is shut out',
      [CADDY, 'firewall: {web_sources: [203.0.113.0/24]}'],
      [
        '10:29 firewall.web_sources: shuts out the certificate authority, which comes to port 80 from anywhere, so Caddy would never get a certificate; take `any`, `cloudflare` (the name must be proxied there), or `proxy.tls: internal`',
      ],
    ],
    [
      'an authority of its own comes from nowhere',
      [CADDY.replace('}', ', tls: internal}'), 'firewall: {web_sources: [203.0.113.0/24], web_ports: [443]}'],
      [],
    ],
    ['a firewall that is off shuts nobody out', [CADDY, 'firewall: {enabled: false, web_sources: none}'], []],
    ['everybody as a network', [CADDY, 'firewall: {web_sources: [0.0.0.0/0]}'], []],
    [
      'a certificate without port 80',
      [CADDY, 'firewall: {web_ports: [443]}'],
      [
        '10:27 firewall.web_ports: lacks 80, where the certificate authority proves the name, so Caddy would never get a certificate; add it, or take `proxy.tls: internal`',
      ],
    ],
    [
      'HTTPS without port 443',
      [CADDY, 'firewall: {web_ports: [80]}'],
      ['10:27 firewall.web_ports: lacks 443, so nobody would reach Caddy'],
    ],
    [
      'single sign-on without Caddy',
      ['proxy: {oidc: {enabled: true, issuer: "https://login.example.com", client_id: claw}}'],
      ['9:29 proxy.oidc.enabled: needs `proxy.kind: caddy`, which asks for the sign-on'],
    ],
    [
      'a page of files that nobody shows',
      ['convenience: {filebrowser: true}'],
      [
        '9:32 convenience.filebrowser: needs `proxy.kind: caddy`, which shows it to the web; with `none` nothing does: take `convenience.uploads` and scp',
      ],
    ],
    [
      'single sign-on at nobody’s',
      [CADDY.replace('}', ', oidc: {enabled: true}}')],
      [
        '9:52 proxy.oidc.issuer: is missing: `proxy.oidc.enabled` needs it',
        '9:52 proxy.oidc.client_id: is missing: `proxy.oidc.enabled` needs it',
      ],
    ],
    ['webhooks that only the host reaches', ['channels: {webhook: {enabled: true}}'], []],
  ])('%s', (_, lines, answer) => expect(answers(...lines)).toEqual(answer));

  test.each<[whose: string, subnet: string, lines: string[], sentence: string | undefined]>([
    [
      'the server’s',
      '10.7.0.0/24',
      ['address: 10.7.0.9'],
      'holds the server’s own address, which would be unreachable; take another',
    ],
    [
      'an admin’s',
      '10.7.0.0/24',
      ['ssh: {admin_addresses: [10.7.0.64/26]}'],
      'holds an admin address, which would be unreachable; take another',
    ],
    [
      'the jump host’s',
      '10.7.0.0/24',
      [`ssh: {jump: {address: 10.7.0.1, user: j, host_keys: ['SHA256:${'A'.repeat(43)}']}}`],
      'holds the address of the jump host, which would be unreachable; take another',
    ],
    ['part of a wider admin network', '10.7.0.0/24', ['ssh: {admin_addresses: [10.0.0.0/8]}'], undefined],
    ['Docker’s own pools', '172.18.0.0/16', [], undefined],
    [
      'somebody else’s',
      '8.8.8.0/24',
      [],
      'belongs to others; take a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 that nobody here uses',
    ],
    [
      'the cloud’s',
      '169.254.0.0/16',
      [],
      'belongs to others; take a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 that nobody here uses',
    ],
    ['too small', '10.7.0.0/30', [], 'must have a prefix from /16 to /29'],
  ])('a subnet that is %s', (_, subnet, lines, sentence) => {
    const written = [`stack: {proxy_subnet: ${subnet}}`, ...lines].map((line) => `    ${line}`).join('\n');
    const text = lines.some((line) => line.startsWith('address'))
      ? server(written).replace('    address: 203.0.113.7\n', '')
      : server(written);
    expect(problems(text).map((problem) => problem.sentence)).toEqual(
      sentence === undefined ? [] : [sentence],
    );
  });
});

const doors = (...domains: string[]): string =>
  `stack: {egress: {extra_domains: [${domains.map((domain) => `{domain: '${domain}', reason: test}`).join(', ')}]}}`;

describe('ways out', () => {
  test.each<Case>([
    [
      'a Smokescreen that is nowhere',
      ['stack: {egress: {source: image}}'],
      [
        '9:30 stack.egress.source: `image` needs `stack.images.egress`: repository and version of a Smokescreen that you built',
      ],
    ],
    [
      'one without a version',
      ['stack: {egress: {source: image}, images: {egress: {repository: registry.example.com/smokescreen}}}'],
      [expect.stringContaining('9:30 stack.egress.source: `image` needs')] as string[],
    ],
    [
      'one that is somewhere',
      [
        'stack: {egress: {source: image}, images: {egress: {repository: registry.example.com/s, version: "1"}}}',
      ],
      [],
    ],
    [
      'a door that a provider opens',
      [doors('api.anthropic.com')],
      ['9:47 stack.egress.extra_domains[0].domain: is open already, for provider anthropic'],
    ],
    [
      'a door that a channel opens',
      [doors('example.com', 'files.slack.com'), 'channels: {slack: {enabled: true}}'],
      ['9:86 stack.egress.extra_domains[1].domain: is open already, for channel slack'],
    ],
    ['a door that a channel would open', [doors('files.slack.com')], []],
    [
      'a door that a provider would open which nothing uses',
      ['providers: {anthropic: {}, voyage: {}, openai: {}}', doors('api.openai.com')],
      [],
    ],
    [
      'a Bot API of one’s own that an older OpenClaw cannot be told of',
      ['channels: {telegram: {api_root: "https://bot-api.example.com"}}'],
      [
        '9:37 channels.telegram.api_root: cannot be told to OpenClaw 2026.3.13, which would poll Telegram’s own; it has such a setting since 2026.6',
      ],
    ],
    [
      'one at a private address that the egress proxy refuses',
      [
        'channels: {telegram: {api_root: "http://10.0.0.5:8081"}}',
        'stack: {images: {openclaw: {version: 2026.9.6}}}',
      ],
      [
        '9:37 channels.telegram.api_root: is a private address, which the egress proxy refuses; add its network to `stack.egress.allow_ranges`',
      ],
    ],
    [
      'one on the gateway’s own loopback',
      [
        'channels: {telegram: {api_root: "http://localhost:8081"}}',
        'stack: {images: {openclaw: {version: 2026.9.6}}}',
      ],
      [
        '9:37 channels.telegram.api_root: is the container’s own loopback; name the machine by its address in the network',
      ],
    ],
    [
      'one with a path, where the token would be put',
      ['channels: {telegram: {api_root: "https://bot-api.example.com/bot"}}'],
      [
        '9:37 channels.telegram.api_root: is more than an origin; did you mean `https://bot-api.example.com`?',
      ],
    ],
    [
      'one that may be asked',
      [
        'channels: {telegram: {api_root: "http://10.0.0.5:8081"}}',
        'stack: {egress: {allow_ranges: [10.0.0.5/32]}, images: {openclaw: {version: 2026.9.6}}}',
      ],
      [],
    ],
    [
      'one that nobody asks',
      ['channels: {telegram: {enabled: false, api_root: "http://10.0.0.5:8081"}}'],
      [],
    ],
    ['a wider door than that of a channel', [doors('*.telegram.org')], []],
    [
      'a door below a wider one',
      [doors('*.example.com', 'a.example.com')],
      ['9:88 stack.egress.extra_domains[1].domain: is open already, by `*.example.com` above it'],
    ],
    ['a name beside a wildcard that does not cover it', [doors('*.example.com', 'example.com')], []],
    [
      'hyphens with which Smokescreen does not start',
      [doors('r3---sn-apo3.example.com', 'xn--bcher-kva.example')],
      [
        '9:47 stack.egress.extra_domains[0].domain: has hyphens in the third and fourth place of a label, with which Smokescreen does not start; name `*.` and what follows it',
      ],
    ],
    ...['2027-02-30', '31.12.2026', '2026-12-31T18:00', 'never'].map(
      (expires): Case => [
        `an end that is none: ${expires}`,
        [`stack: {egress: {extra_domains: [{domain: a.example.com, reason: test, expires: '${expires}'}]}}`],
        [
          '9:85 stack.egress.extra_domains[0].expires: is neither a day such as 2026-12-31 nor a moment in UTC such as 2026-12-31T18:00Z',
        ],
      ],
    ),
    [
      'ends and owners',
      [
        "stack: {egress: {extra_domains: [{domain: a.example.com, reason: test, owner: ada, expires: '2026-12-31T18:00Z'}]}}",
      ],
      [],
    ],
    [
      'a private address',
      [doors('10.0.0.5')],
      [
        '9:47 stack.egress.extra_domains[0].domain: is a private address, which the egress proxy refuses; add its network to `stack.egress.allow_ranges`',
      ],
    ],
  ])('%s', (_, lines, answer) => expect(answers(...lines)).toEqual(answer));

  const INSIDE =
    'is a door inwards: whoever reaches it holds the Docker engine or the cloud account of this server';
  test.each([
    ['host.docker.internal', INSIDE],
    ['*.docker.internal', INSIDE],
    ['metadata.google.internal', INSIDE],
    ['*.google.internal', INSIDE],
    ['169.254.169.254', INSIDE],
    ['100.100.100.200', INSIDE],
    ['docker-proxy', 'is not a host name'],
    ['*', 'lets nearly everything out; name the hosts'],
    ['*.com', 'lets nearly everything out; name the hosts'],
    ['a.*.com', 'may have a wildcard only as its first label: `*.example.com`'],
    ['https://a.example.com', 'is a URL; write the host name alone'],
    ['a.example.com:443', 'has a port in it; every port of the host is meant, write the name alone'],
    ['A.example.com', 'must be lower-case'],
  ])('the domain %s', (domain, sentence) =>
    expect(problems(server(`    ${doors(domain)}`)).map((problem) => problem.sentence)).toEqual([sentence]),
  );

  const METADATA =
    'holds the address where the cloud hands out this machine’s credentials (169.254.169.254 or its kin)';
  test.each([
    ['0.0.0.0/0', 'opens every private network, this server included; name the one that is meant'],
    ['"::/0"', 'opens every private network, this server included; name the one that is meant'],
    ['169.254.0.0/16', METADATA],
    ['169.254.169.254', METADATA],
    ['160.0.0.0/4', METADATA],
    ['"fe80::/64"', METADATA],
    ['100.64.0.0/10', METADATA],
    ['10.0.0.1/8', 'has bits beyond its prefix; did you mean `10.0.0.0/8`?'],
  ])('the range %s', (range, sentence) => {
    const text = server(`    stack: {egress: {allow_ranges: [${range}]}}`);
    expect(problems(text).map((problem) => problem.sentence)).toEqual([sentence]);
  });
});

describe('the gateway’s environment', () => {
  const OURS = 'is set by clincher; another value would go round its walls or break the stack';
  const LITERAL =
    'looks like a secret, and a value here ends up in backups and version control; put it into the vault and write its reference here';
  test.each([
    ['OPENCLAW_GATEWAY_TOKEN', 'env:A', OURS],
    ['HTTP_PROXY', 'x', OURS],
    ['HTTPS_PROXY', 'x', OURS],
    ['NO_PROXY', 'x', OURS],
    ['DOCKER_HOST', 'x', OURS],
    ['NODE_OPTIONS', 'x', OURS],
    ['TZ', 'UTC', OURS],
    [
      'OPENAI_API_KEY',
      'env:A',
      'is a provider’s key, and those stay with LiteLLM: with it, the gateway would go past every budget; use `providers`',
    ],
    ['GITHUB_TOKEN', 'abc', LITERAL],
    ['RPC_URL', 'https://x.example.com/v2/abcdefghij1234567890', LITERAL],
    ['RPC_URL', '"a$b"', 'may not hold quotes, $ or \\; put it into the vault and refer to it'],
    ['RPC_URL', '"secret://prod"', 'is not a valid secret reference: write it as secret://<server>/<name>'],
    ['RPC_URL', '8080', 'is a number; text is wanted: put quotes around it'],
    ['Rpc', 'x', 'is not the name of an environment variable such as BASE_RPC_URL'],
  ])('%s: %s', (name, value, sentence) => {
    const [problem, ...others] = problems(server(`    openclaw: {extra_env: {${name}: ${value}}}`));
    expect(problem).toMatchObject({ path: `servers.prod.openclaw.extra_env.${name}`, sentence });
    expect(others).toEqual([]);
    expect(problem!.frame.join()).not.toContain('abcdefghij1234567890');
  });

  test.each([
    ['GITHUB_TOKEN', 'secret://prod/github_token'],
    ['MAX_TOKENS', '"4096"'],
    ['LOG_LEVEL', 'debug'],
    ['TZDATA', 'x'],
  ])('%s: %s is fine', (name, value) =>
    expect(answers(`openclaw: {extra_env: {${name}: "${value.replaceAll('"', '')}"}}`)).toEqual([]),
  );

  test('a secret of a server that is none', () =>
    expect(answers('openclaw: {extra_env: {GITHUB_TOKEN: "secret://prd/x"}}')).toEqual([
      '9:42 openclaw.extra_env.GITHUB_TOKEN: refers to a secret of `prd`, which is no server here; did you mean `prod`?',
    ]));
});

test.each<Case>([
  [
    'a limit for nobody',
    ['stack: {limits: {postgres: {cpus: 1, memory: 1g}}}'],
    [
      '9:22 stack.limits.postgres: unknown key; known here: openclaw, litellm, openclaw-egress, redis, docker-proxy, caddy, cloudflared, filebrowser, node-exporter, redis-exporter, metrics-door',
    ],
  ],
  [
    'half a limit',
    ['stack: {limits: {redis: {cpus: 1}}}'],
    ['9:22 stack.limits.redis.memory: is missing: Memory the service may use, such as 2g'],
  ],
  [
    'an origin with a path',
    ['openclaw: {origins: ["https://claw.example.com/"]}'],
    ['9:26 openclaw.origins[0]: is more than an origin; did you mean `https://claw.example.com`?'],
  ],
  [
    'similarity beyond 1',
    ['stack: {cache: {similarity: 2}}'],
    ['9:33 stack.cache.similarity: must be at most 1'],
  ],
])('%s', (_, lines, answer) => expect(answers(...lines)).toEqual(answer));

test.each([
  ['a monitor', 'role: monitor'],
  ['a server without the stack', 'stack: {enabled: false}'],
])('%s is not asked for what the stack needs', (_, line) =>
  expect(answers(line, 'proxy: {kind: caddy}', 'providers: {}')).toEqual([]),
);

test.each([
  ['channels: {discord: {token: abcdef}}', 'discord_bot_token'],
  ['channels: {slack: {bot_token: abcdef}}', 'slack_bot_token'],
  ['channels: {slack: {signing_secret: abcdef}}', 'slack_signing_secret'],
  ['channels: {webhook: {token: abcdef}}', 'webhook_token'],
  ['proxy: {tunnel_token: abcdef}', 'tunnel_token'],
  ['proxy: {oidc: {client_secret: abcdef}}', 'oidc_client_secret'],
  ['providers: {anthropic: {key: abcdef}, voyage: {}}', 'anthropic_api_key'],
  [
    'providers: {anthropic: {}, voyage: {}, vllm: {key: abcdef, api_base: "https://m.example.com"}}',
    'vllm_api_key',
  ],
  ['providers: {anthropic: {}, voyage: {}, qianfan: {secret_key: abcdef}}', 'qianfan_secret_key'],
])('a literal in %s: the name under which it is looked for', (line, name) => {
  const [problem, ...others] = problems(server(`    ${line}`));
  expect(others).toEqual([]);
  expect(problem!.sentence).toContain(`\`clincher secrets set secret://prod/${name}\``);
  expect(problem!.frame.join()).not.toContain('abcdef');
});

describe('skills and personas', () => {
  const COMMIT = '0123456789'.repeat(4);
  const skill = (more: Record<string, string> = {}): string => {
    const all = { name: 'a', source: 'https://example.com/s', commit: COMMIT, path: 'x', ...more };
    return `{${Object.entries(all)
      .map(([key, value]) => `${key}: '${value}'`)
      .join(', ')}}`;
  };
  test.each<[string, string[], RegExp[]]>([
    ['as they should be', [skill(), skill({ name: 'b', path: '.' })], []],
    ['a branch', [skill({ commit: 'main' })], [/commit: .*a branch or a tag can be moved$/]],
    ['a tag', [skill({ commit: 'v1.2.3' })], [/commit: .*a branch or a tag can be moved$/]],
    ['a short commit', [skill({ commit: COMMIT.slice(0, 12) })], [/commit: is not a whole git commit/]],
    ['without https', [skill({ source: 'http://example.com/s' })], [/source: is not an https:/]],
    ['by ssh', [skill({ source: 'git@example.com:s' })], [/source: is not an https:/]],
    [
      'an option in place of an address',
      [skill({ source: '--upload-pack=x' })],
      [/source: is not an https:/],
    ],
    [
      'with a password',
      [skill({ source: 'https://me:word@example.com/s' })],
      [/source: has a name or password/],
    ],
    ['a way out of the repository', [skill({ path: '../x' })], [/path: is not a path in the repository/]],
    ['an absolute path', [skill({ path: '/etc' })], [/path: is not a path in the repository/]],
    [
      'a name twice',
      [skill(), skill({ path: 'y' })],
      [/skills\[1\]\.name: is the name of one above it too$/],
    ],
    ['a name that is a path', [skill({ name: '../a' })], [/name: is not a name of lower-case letters/]],
  ])('%s', (_, skills, wanted) => {
    const said = answers(`openclaw: {skills: [${skills.join(', ')}]}`);
    expect(said).toEqual(wanted.map((pattern) => expect.stringMatching(pattern)));
  });
});

describe('copies elsewhere', () => {
  const far = (text: string): string[] => [`backup: {offsite: {${text}}}`];
  const KEY_LINE = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIX+tYdClZIvsgtuETMbTnhAS8ic4+eKO5mDDLUAA/8c';
  test.each<Case>([
    ['whole, to S3', far('type: s3, bucket: copies, endpoint: "https://s3.example.com"'), []],
    ['whole, to AWS', far('type: s3, bucket: copies, provider: AWS, region: eu-central-1'), []],
    ['whole, to B2', far('type: b2, bucket: copies'), []],
    [
      'whole, to a server',
      far(`type: sftp, host: far.example.com, user: u1-sub2, host_keys: ["${KEY_LINE}"]`),
      [],
    ],
    ['of no kind', far('bucket: copies'), [expect.stringContaining('backup.offsite.type: is missing')]],
    [
      'to a bucket without a name or an address',
      far('type: s3'),
      [
        expect.stringContaining('backup.offsite.bucket: is missing: `backup.offsite.type: s3` needs it'),
        expect.stringContaining('backup.offsite.endpoint: is missing: only `provider: AWS` needs none'),
      ] as never,
    ],
    [
      'to whoever answers',
      far('type: sftp, host: far.example.com, user: copies'),
      [
        expect.stringContaining(
          'backup.offsite.host_keys: is empty, so anybody could stand in for that server',
        ),
      ],
    ],
    [
      'to itself',
      far(`type: sftp, host: 203.0.113.7, user: copies, host_keys: ["${KEY_LINE}"]`),
      [expect.stringContaining('backup.offsite.host: is this server itself')],
    ],
    [
      'with a key in the file',
      far('type: b2, bucket: copies, secret_key: K005abcdefghijklmnop'),
      [expect.stringContaining('write secret://prod/offsite_secret_key here')],
    ],
    [
      'out of their folder, and with a path in the address',
      far('type: s3, bucket: copies, path: ../x, endpoint: "https://s3.example.com/copies"'),
      [
        expect.stringContaining('backup.offsite.path: is not a path'),
        expect.stringContaining('goes to `bucket` and `path`'),
      ],
    ],
  ])('%s', (_, lines, answer) => expect(answers(...lines)).toEqual(answer));
});

describe('whom alerts go to', () => {
  const to = (...channels: string[]): string[] => [
    `alerts: {channels: [${channels.map((each) => `{${each}}`).join(', ')}]}`,
  ];
  test.each<Case>([
    [
      'one of each',
      to(
        'type: ntfy, url: "https://ntfy.sh/ops"',
        'type: telegram, chat: "-1001", secret: "secret://shared/bot"',
        'type: webhook, secret: "secret://shared/hook"',
        'type: email, host: smtp.example.org, from: a@example.org, to: [b@example.org], user: a, secret: "secret://shared/mail"',
      ),
      [],
    ],
    [
      'ntfy without a topic',
      to('type: ntfy, url: "https://ntfy.sh/"'),
      [expect.stringContaining('alerts.channels[0].url: names no topic')],
    ],
    [
      'a bot without a chat and a token',
      to('type: telegram'),
      [
        expect.stringContaining('alerts.channels[0].chat: is missing: a channel of type telegram needs it'),
        expect.stringContaining('alerts.channels[0].secret: is missing'),
      ],
    ],
    [
      'an e-mail to nobody',
      to(
        'type: ntfy, url: "https://ntfy.sh/ops"',
        'type: email, host: smtp.example.org, from: a@example.org',
      ),
      [expect.stringContaining('alerts.channels[1].to: is missing')],
    ],
    [
      'half a login',
      to('type: email, host: smtp.example.org, from: a@example.org, to: [b@example.org], user: a'),
      [expect.stringContaining('alerts.channels[0].secret: is missing: `user` and `secret` log in together')],
    ],
    [
      'a token in clear',
      to('type: webhook, secret: "https://hooks.example.org/T0/B0/abc"'),
      [expect.stringContaining('write secret://prod/alerts_secret here')],
    ],
    [
      'a header in an address',
      to(
        'type: email, host: smtp.example.org, from: "a@example.org\\nBcc: c@example.org", to: [b@example.org]',
      ),
      [expect.stringContaining('alerts.channels[0].from: must be one line')],
    ],
  ])('%s', (_, lines, wanted) => expect(answers(...lines)).toEqual(wanted));
});
