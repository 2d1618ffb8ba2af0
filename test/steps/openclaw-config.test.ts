// What the cases of openclaw.config cannot say: which settings travel, and what a person is shown and asked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/activities/evaluate.js';
import type { ConfigPatch } from '../../src/commands/openclaw-config.js';
import type { Change } from '../../src/model.js';
import { openclawConfig } from '../../src/steps/openclaw-config.js';
import { HOST, type Overrides, server } from './fixture.js';

function planned(name: string): Change & { patch: ConfigPatch } {
  const file = join(import.meta.dirname, 'openclaw.config', `${name}.json`);
  const { want, facts } = JSON.parse(readFileSync(file, 'utf8')) as {
    want: Overrides;
    facts: { config: { stdout: string } };
  };
  const reading = { stderr: '', exitCode: 0, ...facts.config };
  const [change] = evaluate(openclawConfig, server(want), HOST, [reading]).changes;
  if (change === undefined) throw new Error('nothing is planned');
  return { ...change, patch: JSON.parse(change.run[0]?.stdin ?? '') as ConfigPatch };
}

describe('openclaw.config', () => {
  it('sends everything once, and keeps it as what was written', () => {
    const { patch } = planned('a-host-without-a-file-gets-the-whole-of-it-on-2026.9');
    expect(patch.set).toEqual(patch.written);
    expect(patch.set).toMatchObject({ 'gateway.bind': 'lan', 'memory.search.provider': 'openai-compatible' });
    expect(patch.remove).toEqual([]);
  });

  it('asks before it replaces what a hand has set, and shows no secret', () => {
    const { overwrites, diff } = planned('a-token-that-a-hand-has-put-there-is-asked-about-and-not-shown');
    expect(overwrites).toBe(true);
    expect(diff?.before).toMatch(/^gateway\.auth\.token = "«secret sha256:[0-9a-f]{4}…»"$/m);
    expect(diff?.before).not.toContain('newer-token');
  });

  it('does not ask about what is merely gone', () => {
    const { overwrites, patch } = planned('a-setting-that-is-gone-comes-back-without-a-question');
    expect(overwrites).toBeUndefined();
    expect(Object.keys(patch.set)).toEqual(['tools.deny']);
  });

  it('takes back a channel whole: a reference to a token that is no longer there would stop the gateway', () => {
    const { patch } = planned('a-channel-that-is-no-longer-wanted-is-taken-back');
    expect(patch.remove).toContain('channels.telegram.botToken');
    expect(patch.remove.every((key) => key.startsWith('channels.telegram.'))).toBe(true);
  });

  it('takes back the names of an older version, which a newer one would not start with', () => {
    const { patch, overwrites } = planned('an-upgrade-takes-the-old-names-back');
    expect(overwrites).toBeUndefined();
    expect(patch.remove).toEqual(
      expect.arrayContaining([
        'logging.redactSensitive',
        'gateway.controlUi.allowInsecureAuth',
        'agents.defaults.memorySearch.provider',
      ]),
    );
    expect(patch.set).toMatchObject({ 'memory.search.model': 'voyage/voyage-3-large' });
  });
});
