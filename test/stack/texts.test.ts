import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ClincherError } from '../../src/errors.js';
import { caddyfile } from '../../src/stack/caddyfile.js';
import { egressAcl, egressDomains, letsOut } from '../../src/stack/egress-acl.js';
import { stackFiles } from '../../src/stack/files.js';
import { cpusNeeded, limitsOf, memoryNeeded, sizeBytes } from '../../src/stack/limits.js';
import { BUDGET_PROOF, litellmConfig } from '../../src/stack/litellm.js';
import { dockerfile, EGRESS_IMAGE } from '../../src/stack/smokescreen.js';
import { secretsIn } from '../../src/stack/tokens.js';
import { yamlText } from '../../src/stack/yaml-text.js';
import { server } from '../steps/fixture.js';
import { digests, servers } from './servers.js';

describe('the list of ways out', () => {
  it('names what each domain is for', () =>
    expect(egressDomains(servers.full)).toContainEqual({
      domain: 'api.voyageai.com',
      reasons: ['provider voyage: embeddings of the cache, embeddings of memory'],
    }));
  it('has no door for a provider that nothing uses', () => {
    expect(servers.full.providers).toHaveProperty('groq');
    expect(letsOut(servers.full, 'api.groq.com')).toBe(false);
    expect(letsOut(servers.full, 'api.anthropic.com')).toBe(true);
  });
  it('is never a catch-all', () => {
    const domains = Object.values(servers).flatMap((each) => egressDomains(each).map(({ domain }) => domain));
    expect(domains.filter((domain) => /^\*(?:\.[a-z]+)?$/.test(domain))).toEqual([]);
  });
  it('reads as what was meant, whatever the reasons say', () => {
    const list = parse(egressAcl(servers.hostile), { version: '1.1' });
    expect(list.default.allowed_domains).toEqual(egressDomains(servers.hostile).map(({ domain }) => domain));
    expect(list).toMatchObject({ version: 'v1', services: [], default: { action: 'enforce' } });
  });
});

describe('LiteLLM', () => {
  interface Config {
    model_list: { model_name: string; litellm_params: Record<string, unknown> }[];
    litellm_settings: { cache_params?: { type: string } };
    router_settings: { fallbacks: Record<string, string[]>[] };
  }
  const config = (each = servers.full): Config => parse(litellmConfig(each), { version: '1.1' });
  const model = (name: string, each = servers.full) =>
    config(each).model_list.find(({ model_name }) => model_name === name)?.litellm_params;

  it('has every budget where it refuses', () =>
    expect(model('anthropic/claude-opus-4-6')).toMatchObject({
      max_budget: 100,
      budget_duration: '24h',
      rpm: 60,
    }));
  it('takes a budget of nothing for the least there is: 0 would be none at all', () =>
    expect(model('own')?.['max_budget']).toBeGreaterThan(0));
  it('proves that budgets refuse', () => expect(model(BUDGET_PROOF)).toHaveProperty('mock_response'));
  it('keeps names that YAML would take for something else', () =>
    expect(config(servers.hostile).model_list.map(({ model_name }) => model_name)).toEqual(
      expect.arrayContaining(['null', '1e3', 'on']),
    ));
  it('asks Qianfan at its own address, not OpenAI', () =>
    expect(model('ernie')?.['api_base']).toBe('https://qianfan.baidubce.com/v2'));
  it.each([
    ['semantic', 'redis-semantic'],
    ['exact', 'redis'],
    ['off', undefined],
  ] as const)('has a cache that is %s', (mode, type) =>
    expect(config(server({ digests, stack: { cache: { mode } } })).litellm_settings.cache_params?.type).toBe(
      type,
    ),
  );
});

describe('limits', () => {
  it.each([
    ['starter', 4],
    ['growth', 16],
    ['production', 64],
  ] as const)('of %s fit into %s GB, less what firmware and kernel keep', (tier, gigabytes) => {
    const needed = memoryNeeded(server({ stack: { tier }, proxy: { kind: 'caddy' } }));
    expect(needed).toBeLessThan(gigabytes * 2 ** 30 * 0.95);
  });
  it('leave room for a sandbox where there is one', () => {
    const gib = memoryNeeded(server({ openclaw: { sandbox: 'docker' } })) - memoryNeeded(server());
    expect(gib).toBe(2 ** 30);
  });
  it('are the guide’s for production', () =>
    expect(limitsOf(server())).toEqual({
      'docker-proxy': { cpus: 0.5, memory: '256m' },
      redis: { cpus: 0.5, memory: '512m' },
      'openclaw-egress': { cpus: 0.5, memory: '128m' },
      litellm: { cpus: 2, memory: '2g' },
      openclaw: { cpus: 8, memory: '16g' },
    }));
  it('of single services replace the tier’s', () => {
    const small = server({ stack: { limits: { openclaw: { cpus: 1, memory: '1g' } } } });
    expect([cpusNeeded(small), limitsOf(small).openclaw?.memory]).toEqual([2, '1g']);
  });
  it('count as Docker does', () => expect(sizeBytes('512m')).toBe(536_870_912));
});

describe('files', () => {
  it('hold tokens, and the references behind them are those of the configuration', () => {
    const refs = secretsIn(stackFiles(servers.hostile).map(({ content }) => content));
    expect(refs).toContain('exec:op read "op://vault/a $b #c=d"');
    expect(refs).toContain('file:/home/you/with blank/$HOME: #key');
  });
  it('with secrets are for their owner alone', () => {
    const open = stackFiles(servers.full).filter(
      ({ content, mode }) => secretsIn([content]).length > 0 && mode !== '0600',
    );
    expect(open.map(({ path }) => path)).toEqual([]);
  });
  it('cannot be written without a digest of every image', () =>
    expect(() => stackFiles({ ...servers.full, digests: {} })).toThrow(ClincherError));
});

describe('Smokescreen', () => {
  it('is built from a whole commit without its history, from a short one with a look at it', () => {
    const of = (commit: string) => dockerfile(server({ stack: { egress: { commit } } }));
    expect(of('a'.repeat(40))).toContain('--depth 1');
    expect(of('abc1234')).toContain('git clone');
  });
  it('is another image when its recipe changes', () =>
    expect(EGRESS_IMAGE(server({ stack: { egress: { commit: 'abc1234' } } }))).not.toBe(
      EGRESS_IMAGE(server()),
    ));
});

describe('Caddy', () => {
  it('refuses what it would read as a variable', () => {
    const odd = server({ proxy: { kind: 'caddy', domain: 'a.example', email: '{$HOME}@example.com' } });
    expect(() => caddyfile(odd)).toThrow(/variable/);
  });
});

describe('YAML', () => {
  it('complains of a comment that belongs nowhere', () =>
    expect(() => yamlText('', { a: 1 }, [[['b'], 'why']])).toThrow(/No such key/));
});

/** Where Python has its YAML, as LiteLLM reads it: the oldest of the readers. */
const hasYaml = ((): boolean => {
  try {
    execFileSync('python3', ['-c', 'import yaml'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

it.skipIf(!hasYaml)('Python reads the same as we do', () => {
  const read = 'import sys, json, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)';
  for (const text of [litellmConfig(servers.hostile), egressAcl(servers.hostile)])
    expect(JSON.parse(execFileSync('python3', ['-c', read], { input: text, encoding: 'utf8' }))).toEqual(
      parse(text, { version: '1.1' }),
    );
});
