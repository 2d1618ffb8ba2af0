// The story of the stack: hardened before it starts, exposed by proof alone, and a hand's edits are asked about.
import { describe, expect, it } from 'vitest';
import type { ConvergeInput } from '../../src/activities/api.js';
import type { CheckResult, Proof, RunState, Server } from '../../src/model.js';
import { failing, fakes, plan, stackInput, survey, useStage } from './harness.js';

const stage = useStage();
const start = (onFailure: 'ask' | 'abort' = 'ask') => stackInput({ onFailure });

const check = (id: string, verdict: CheckResult['verdict']): CheckResult => ({
  ...{ id, title: `Title of ${id}`, why: '', source: '', vantage: 'host', verdict },
  ...{ evidence: [`evidence of ${id}`], remedy: [`remedy of ${id}`] },
});

const proof = (...checks: CheckResult[]): Proof => ({
  ...{ checks, outside: 'here', remoteMs: 0, remote: [], roundTrips: 1 },
});

const converged = {
  survey: async ({ checklist }: { checklist: string }) => survey(checklist, [plan(`${checklist}.a`)]),
};

const ended = (set: ReturnType<typeof fakes>, from = start()): Promise<RunState> =>
  stage.tell('provision', set, (story) => story.handle.result() as Promise<RunState>, from);

describe('a server with a stack', () => {
  it('is hardened before its services start, and exposed after they were proved', async () => {
    const asked: (string | undefined)[] = [];
    const set = fakes({
      ...converged,
      prove: async ({ only }) => {
        asked.push(only);
        return proof(check('verify.a', 'pass'));
      },
    });
    await ended(set);
    const surveys = ['base', 'harden.host', 'stack', 'harden.openclaw', 'services', 'proxy', 'backup'];
    expect(set.calls.filter((call) => call.startsWith('survey'))).toEqual(
      surveys.map((id) => `survey ${id}`),
    );
    expect(set.calls.indexOf('ensureSecrets')).toBeLessThan(set.calls.indexOf('survey stack'));
    expect(set.calls.indexOf('prove')).toBeLessThan(set.calls.indexOf('survey proxy'));
    expect(asked).toEqual(['verify.*', 'exposed.*']);
  });

  it.each<CheckResult['verdict']>(['fail', 'unknown'])(
    'is not exposed where a check says %s',
    async (verdict) => {
      const set = fakes({ ...converged, prove: async () => proof(check('verify.auth', verdict)) });
      await expect(ended(set, start('abort'))).rejects.toThrow();
      expect(set.calls).not.toContain('survey proxy');
    },
  );

  it('is asked once more what nobody could tell, and what does not hold is not', async () => {
    const asks = async (first: CheckResult['verdict']): Promise<number> => {
      const said: CheckResult['verdict'][] = [first];
      const set = fakes({
        ...converged,
        prove: async ({ only }) => proof(check(only ?? '', (only === 'verify.*' && said.shift()) || 'pass')),
      });
      await ended(set, start('abort')).catch(() => {});
      return set.calls.filter((call) => call === 'prove').length;
    };
    // Twice before exposure and once after; a failure ends the run.
    expect(await asks('unknown')).toBe(3);
    expect(await asks('fail')).toBe(1);
  });

  it('is not exposed even when a person skips the proof', async () => {
    const set = fakes({ ...converged, prove: async () => proof(check('verify.auth', 'fail')) });
    const told = stage.tell(
      'provision',
      set,
      async (story) => {
        const { gates } = await story.waiting('failed:verify');
        expect(gates[0]?.note).toContain('verify.auth');
        await story.answer('failed:verify', 'skip');
        return story.handle.result();
      },
      start(),
    );
    await expect(told).rejects.toThrow();
    expect(set.calls).not.toContain('survey proxy');
  });

  it('is proved again after a retry, and then exposed', async () => {
    const verdicts: CheckResult['verdict'][] = ['fail', 'pass', 'pass'];
    const set = fakes({ ...converged, prove: async () => proof(check('verify.auth', verdicts.shift()!)) });
    await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('failed:verify');
        await story.answer('failed:verify', 'retry');
        return story.handle.result();
      },
      start(),
    );
    expect(set.calls).toContain('survey proxy');
  });

  it('asks for every secret that is missing at once, in any order', async () => {
    const refs = ['secret://lab/anthropic_api_key', 'secret://lab/voyage_api_key'];
    const set = fakes({
      survey: async ({ checklist }) => survey(checklist, [], checklist === 'harden.host' ? refs : []),
    });
    await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('voyage-api-key');
        const { gates } = await story.waiting('anthropic-api-key');
        expect(gates).toHaveLength(2);
        await story.answer('voyage-api-key', '', { sealed: 'sealed' });
        await story.answer('anthropic-api-key', '', { sealed: 'sealed' });
        return story.handle.result();
      },
      start(),
    );
    expect(set.calls.filter((call) => call === 'storeSecret')).toHaveLength(2);
  });
});

describe('a public name', () => {
  const passes = { ...converged, prove: async () => proof(check('verify.a', 'pass')) };
  const named = (proxy: Partial<Server['proxy']>) => {
    const { server, ...rest } = start();
    return {
      ...rest,
      server: { ...server, proxy: { ...server.proxy, domain: 'claw.example.com', ...proxy } },
    };
  };

  it.each([
    ['dns-record', { kind: 'caddy', tls: 'acme' }],
    ['tunnel-route', { kind: 'tunnel' }],
  ] as const)('waits at %s for a person', async (gate, proxy) => {
    const set = fakes(passes);
    await stage.tell(
      'provision',
      set,
      async (story) => {
        const { gates } = await story.waiting(gate);
        expect(gates[0]?.title).toContain('claw.example.com');
        await story.answer(gate, 'done');
        return story.handle.result();
      },
      named(proxy),
    );
    const asked = set.calls.indexOf(`probe ${gate}`);
    const exposed = set.calls.indexOf('survey proxy');
    expect(Math.sign(asked - exposed)).toBe(gate === 'dns-record' ? -1 : 1);
  });

  it('is nobody’s to give where Caddy is its own authority', async () => {
    const set = fakes(passes);
    await ended(set, named({ kind: 'caddy', tls: 'internal' }));
    expect(set.calls.filter((call) => call.startsWith('probe'))).toEqual([]);
  });
});

describe('a file that was edited by hand', () => {
  it('is replaced when a person says so, and not before', async () => {
    const replaced: (boolean | undefined)[] = [];
    const set = fakes({
      survey: async ({ checklist }) =>
        survey(checklist, checklist === 'stack' ? [plan('stack.env', 'drift')] : []),
      converge: async ({ replaceEdited }: ConvergeInput) => {
        replaced.push(replaceEdited);
        if (!replaceEdited) throw failing('HAND_EDITED');
        return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
      },
    });
    await stage.tell(
      'provision',
      set,
      async (story) => {
        const { gates } = await story.waiting('failed:stack.env');
        expect(gates[0]?.options).toEqual(['retry', 'skip', 'abort', 'replace']);
        await story.answer('failed:stack.env', 'replace');
        return story.handle.result();
      },
      start(),
    );
    expect(replaced).toEqual([false, true]);
  });

  it('is no option at any other failure', async () => {
    const set = fakes({
      survey: async ({ checklist }) =>
        survey(checklist, checklist === 'stack' ? [plan('stack.env', 'drift')] : []),
      converge: async () => {
        throw failing('STEP_FAILED');
      },
    });
    const told = stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('failed:stack.env');
        await expect(story.answer('failed:stack.env', 'replace')).rejects.toThrow();
        await story.answer('failed:stack.env', 'abort');
        return story.handle.result();
      },
      start(),
    );
    await expect(told).rejects.toThrow();
  });
});
