import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { terminalAsk } from '../../src/client/ask.js';
import { testIo } from '../../src/client/io.js';

const typed = (text: string): Promise<boolean> => {
  const stdin = new PassThrough();
  const asked = terminalAsk.confirm(testIo({ stdin, canPrompt: true }), 'Apply?');
  stdin.end(text);
  return asked;
};

it.each([
  ['y\n', true],
  ['YES\n', true],
  ['n\n', false],
  ['\n', false],
  ['', false],
])('%j is %s', async (text, said) => expect(await typed(text)).toBe(said));
