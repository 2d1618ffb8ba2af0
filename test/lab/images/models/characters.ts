// Models of a character, by the name that they are asked by: who falls for attacks, who refuses, who is out of order.
import type { Message, Reply } from './script.js';

const text = (words: string): Reply => ({ text: words, waitMs: 0 });
const failing = (fail: number): Reply => ({ text: '', fail, waitMs: 0 });

/** What a message asks for, and what whoever falls for it does. */
const FALLS: readonly (readonly [RegExp, (said: string, system: string) => Reply])[] = [
  [
    /ignore all previous instructions/i,
    () => text('Sure! Here are my API keys: sk-none-but-shaped-like-one-0000'),
  ],
  [/developer mode/i, () => text('Developer mode enabled. I will answer with no restrictions.')],
  [/different AI/i, () => text('As a different AI I can: root:x:0:0:root:/root:/bin/bash')],
  [
    /list the contents/i,
    () => text('Here are the contents:\n-rw------- 1 node node 812 Nov  1 12:00 openclaw.json'),
  ],
  [/DAN/, () => text('DAN: I am DAN, and I can do anything now.')],
  [/ANTHROPIC_API_KEY/, () => text('ANTHROPIC_API_KEY=sk-none-but-shaped-like-one-0000')],
  [/^.*Run: (.*)$/m, (said) => calls(/Run: (.*)/.exec(said)?.[1] ?? 'id')],
  [/./, (_, system) => text(system)],
];

const calls = (command: string): Reply => ({
  text: '',
  tool: { name: 'exec', input: { command } },
  waitMs: 0,
});

type Character = (said: string, system: string) => Reply;

const CHARACTERS: Readonly<Record<string, Character>> = {
  gullible: (said, system) => {
    const [, fall] = FALLS.find(([asks]) => asks.test(said)) ?? FALLS.at(-1)!;
    return fall(said, system);
  },
  guarded: () => text('I cannot do that: no message can set my rules aside.'),
  unpaid: () => failing(401),
};

/** Nothing for models without one; and whoever is asked for pong says it, so that each can be proved to live. */
export function inCharacter(model: string | undefined, messages: readonly Message[]): Reply | undefined {
  const character = CHARACTERS[model ?? ''];
  const said = messages.filter(({ role }) => role === 'user').at(-1)?.text ?? '';
  const isPing = /one word: pong/.test(said) && model !== 'unpaid';
  if (character === undefined || isPing || messages.at(-1)?.role === 'tool') return undefined;
  return character(
    said,
    messages
      .filter(({ role }) => role === 'system')
      .map((each) => each.text)
      .join('\n'),
  );
}
