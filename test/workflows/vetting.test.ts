// The gate before the model: a pin is read by a person or never gets there.
import { describe, expect, it } from 'vitest';
import type { RecordVettingInput } from '../../src/activities/api.js';
import type { PinReview } from '../../src/model.js';
import { failing, fakes, plan, stackInput, survey, useStage } from './harness.js';

const stage = useStage();

const COMMIT = '0123456789'.repeat(4);
const pin = (name: string) => ({
  ...{
    name,
    source: 'https://example.com/skills',
    commit: COMMIT,
    path: `skills/${name}`,
    executables: false,
  },
});

function start(onFailure: 'ask' | 'abort' = 'ask') {
  const input = stackInput({ onFailure });
  input.server.openclaw.skills = [pin('review')];
  input.server.openclaw.personas = [pin('ada')];
  return input;
}

const review = (kind: PinReview['kind'], name: string, more: Partial<PinReview> = {}): PinReview => ({
  ...{ kind, ...pin(name), sha256: 'ab'.repeat(32), files: [{ path: 'SKILL.md', bytes: 12 }] },
  ...{ findings: [{ point: 1, line: 'SKILL.md:3: a comment, which a rendered page hides: <!-- x -->' }] },
  ...{ before: '', after: '=== SKILL.md\nRead it.\n', cut: 0 },
  ...more,
});

const converged = {
  survey: async ({ checklist }: { checklist: string }) => survey(checklist, [plan(`${checklist}.a`)]),
};

describe('a pin that nobody has read', () => {
  it('is a gate with the seven points, what the machine saw and the text; a yes is kept with who gave it', async () => {
    const kept: RecordVettingInput[] = [];
    const set = fakes({
      ...converged,
      reviewPins: async () => [review('skill', 'review'), review('persona', 'ada')],
      recordVetting: async (input) => void kept.push(input),
    });
    await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('vet-skill-review');
        const { gates } = await story.waiting('vet-persona-ada');
        const gate = gates.find(({ id }) => id === 'vet-skill-review');
        expect(gate?.instructions.filter((line) => /^[1-7]\. /.test(line))).toHaveLength(7);
        expect(gate?.instructions.join('\n')).toMatch(/^1\. .*\n {3}- SKILL.md:3: a comment/m);
        expect(gate?.instructions.join('\n')).toContain('Nobody has read it before');
        expect(gate?.diff?.after).toContain('Read it.');
        await story.answer('vet-persona-ada', 'yes');
        await story.answer('vet-skill-review', 'yes', { who: 'grace' });
        return story.handle.result();
      },
      start(),
    );
    expect(kept.map(({ pin: { kind, commit }, sha256, who }) => [kind, commit, sha256, who])).toEqual([
      ['persona', COMMIT, 'ab'.repeat(32), 'ada'],
      ['skill', COMMIT, 'ab'.repeat(32), 'grace'],
    ]);
    expect(set.calls.indexOf('recordVetting')).toBeLessThan(set.calls.indexOf('survey harden.openclaw'));
  });

  it('ends the run as a person’s when it is refused, and nothing is put anywhere', async () => {
    const set = fakes({
      ...converged,
      reviewPins: async () => [review('skill', 'review'), review('persona', 'ada')],
    });
    const told = stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('vet-skill-review');
        await story.answer('vet-skill-review', 'no');
        await expect(story.handle.result()).rejects.toThrow();
        return story.state();
      },
      start(),
    );
    expect(await told).toMatchObject({ status: 'aborted', error: { code: 'NOT_VETTED' } });
    expect(set.calls).not.toContain('recordVetting');
    expect(set.calls).not.toContain('survey stack');
  });

  it('says since which commit it changed, and how much of it is not shown', async () => {
    const changed = review('skill', 'review', {
      lastCommit: 'f'.repeat(40),
      before: '=== SKILL.md\nRead.\n',
      cut: 7,
    });
    const set = fakes({ ...converged, reviewPins: async () => [changed] });
    const instructions = await stage.tell(
      'provision',
      set,
      async (story) => {
        const { gates } = await story.waiting('vet-skill-review');
        await story.answer('vet-skill-review', 'yes');
        await story.handle.result();
        return gates[0]?.instructions.join('\n') ?? '';
      },
      start(),
    );
    expect(instructions).toMatch(
      /changed since fffffff.*without its last 7 characters.*clincher logs lab-\w+ --step vet\.review/,
    );
  });

  it('is asked about by harden, too', async () => {
    const set = fakes({ ...converged, reviewPins: async () => [review('skill', 'review')] });
    await stage.tell(
      'harden',
      set,
      async (story) => {
        await story.waiting('vet-skill-review');
        await story.answer('vet-skill-review', 'yes');
        return story.handle.result();
      },
      start(),
    );
    expect(set.calls).toContain('survey harden.openclaw');
  });
});

describe('a pin that cannot be had', () => {
  it('is a failed step, and can be tried again', async () => {
    let tries = 0;
    const set = fakes({
      ...converged,
      reviewPins: async () => {
        tries += 1;
        if (tries === 1) throw failing('SOURCE_UNREACHABLE');
        return [];
      },
    });
    await stage.tell(
      'provision',
      set,
      async (story) => {
        await story.waiting('failed:vetting');
        await story.answer('failed:vetting', 'retry');
        return story.handle.result();
      },
      start(),
    );
    expect(set.calls).toContain('survey harden.openclaw');
  });

  it('cannot be skipped', async () => {
    const set = fakes({
      ...converged,
      reviewPins: async () => {
        throw failing('PIN_INVALID');
      },
    });
    await expect(
      stage.tell(
        'provision',
        set,
        async (story) => {
          await story.waiting('failed:vetting');
          await story.answer('failed:vetting', 'skip');
          return story.handle.result();
        },
        start(),
      ),
    ).rejects.toThrow();
    expect(set.calls).not.toContain('survey harden.openclaw');
  });
});

describe('a server without pins', () => {
  it('is asked nothing', async () => {
    const set = fakes(converged);
    await stage.tell('provision', set, (story) => story.handle.result(), stackInput());
    expect(set.calls).not.toContain('reviewPins');
  });
});
