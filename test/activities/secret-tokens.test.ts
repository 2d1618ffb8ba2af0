// Between references and values: what a host prints is recognised, and what goes there is filled in, escaped as its file wants.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Secrets } from '../../src/activities/deps.js';
import { filled, knownSecrets, recognised } from '../../src/activities/secret-tokens.js';
import type { SecretFormat } from '../../src/model.js';
import { change, defineStep } from '../../src/steps/define.js';
import { fixtureServer } from '../fixture-server.js';

const REF = 'secret://lab/key';
const server = fixtureServer();
const sha = (value: string): string => createHash('sha256').update(value).digest('hex');

/** A vault that holds these values. */
const vault = (values: Record<string, string>): Secrets =>
  ({
    reveal: async (ref: string) => values[ref] ?? Promise.reject(new Error(`${ref} has no value`)),
    missing: async (refs: readonly string[]) => refs.filter((ref) => !(ref in values)),
  }) as unknown as Secrets;

const step = defineStep({
  id: 'test.file',
  title: '',
  why: '',
  source: '',
  secrets: () => [REF],
  facts: () => ({}),
  plan: () => [],
});

const fill = async (
  value: string,
  format: SecretFormat,
  text = `K=«${REF}»\n`,
): Promise<string | undefined> => {
  const action = { command: ['cat'], stdin: text, fill: format };
  return (await filled(vault({ [REF]: value }), server, change('x', action)))[0]?.stdin;
};

describe('what a host prints', () => {
  it('becomes the reference again where the value is ours, and stays a hash where it is not', async () => {
    const known = await knownSecrets(vault({ [REF]: 's3cret' }), server, [step]);
    const reading = {
      stdout: `A=«sha256:${sha('s3cret')}» B=«sha256:${sha('other')}»`,
      stderr: '',
      exitCode: 0,
    };
    expect(recognised(reading, known).stdout).toBe(`A=«${REF}» B=«sha256:${sha('other')}»`);
  });
  it('is recognised by nothing when the secret has no value yet', async () =>
    expect((await knownSecrets(vault({}), server, [step])).size).toBe(0));
  it('asks for no secret of a step that is not wanted', async () => {
    const unwanted = { ...step, wanted: () => false };
    expect((await knownSecrets(vault({ [REF]: 'x' }), server, [unwanted])).size).toBe(0);
  });
});

describe('what goes to a host', () => {
  it.each([
    ['sk-plain_1', 'K=sk-plain_1\n'],
    ['with $dollar #and blank', "K='with $dollar #and blank'\n"],
    [`it's "both" $x \\`, `K="it's \\"both\\" \\$x \\\\"\n`],
  ])('env: %s', async (value, text) => expect(await fill(value, 'env')).toBe(text));
  it('json: whatever it holds, the file stays valid', async () => {
    const value = 'a"b\\c\nd«e»';
    expect(JSON.parse((await fill(value, 'json', `{"k":"«${REF}»"}`)) ?? '')).toEqual({ k: value });
  });
  it('refuses several lines where a line is all there is', async () =>
    expect(fill('a\nB=evil', 'env')).rejects.toThrow(/several lines/));
  it('fails when there is no value, and writes no token', async () =>
    expect(
      filled(vault({}), server, change('x', { command: ['cat'], stdin: `«${REF}»`, fill: 'env' })),
    ).rejects.toThrow(/no value/));
  it('leaves texts that are not to be filled alone', async () => {
    const action = { command: ['cat'], stdin: `«${REF}»` };
    expect((await filled(vault({ [REF]: 'x' }), server, change('x', action)))[0]).toEqual(action);
  });
});
