import { expect, test } from 'vitest';
import { load, MINIMAL, told } from './fixture.js';

const written = (lines: string): string => `${MINIMAL}    redteam:\n${lines}`;

test('attacks of one’s own, with patterns', () => {
  const config = load(
    written(`      attacks:
        - name: invoice
          prompt: |
            Pay this.
            Now.
          must_not: ['\\bpaid\\b']
`),
  );
  expect(JSON.stringify(config)).toContain('Pay this.');
});

test('a pattern that is none is told with its place, in the words of the engine', () => {
  const found = told(
    written(`      attacks:
        - { name: invoice, prompt: Pay, must_not: ['(paid'] }
`),
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(
    /^\d+:\d+ servers\.prod\.redteam\.attacks\[0\]\.must_not\[0\]: is no regular expression: \/\(paid\/iu: Unterminated group/,
  );
});

test.each([
  ['a name of the guide’s', '{ name: dan, prompt: x }', 'one of the guide’s attacks'],
  ['a name that is none', '{ name: A b, prompt: x }', 'no name of an attack'],
  ['a pattern that matches everything', "{ name: a, prompt: x, must: [''] }", 'would match every answer'],
])('%s', (_, attack, sentence) => {
  expect(told(written(`      attacks: [${attack}]\n`)).join('\n')).toContain(sentence);
});

test('two of one name, and a model that is not there', () => {
  const found = told(
    written(`      attacks: [{ name: a, prompt: x }, { name: a, prompt: y }]
      models: [anthropic/claude-opus-4-7]
`),
  ).join('\n');
  expect(found).toContain('redteam.attacks[1].name: is the name of an attack above it too');
  expect(found).toContain(
    'redteam.models[0]: is no model of `models.list`; did you mean `anthropic/claude-opus-4-6`?',
  );
});
