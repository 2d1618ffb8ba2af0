// An export is sound only as it was written: whatever is done to it is found, and the first line that is wrong is named.
import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, statement } from '../../src/audit/chain.js';
import { keyFingerprint, newAuditKey, publicHalf } from '../../src/audit/key.js';
import { verifyAudit } from '../../src/audit/verify.js';
import { exported, header, hostLine, KEY, LINES, sound } from './document.js';

const lines = sound.split('\n').slice(0, -1);
const joined = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const without = (from: number, to = from + 1): string =>
  joined([...lines.slice(0, from), ...lines.slice(to)]);

it('as it was written it is sound, and by whose key', () => {
  const fingerprint = keyFingerprint(publicHalf(KEY));
  const kinds = { header: 1, host: 5, run: 0, unread: 0, footer: 1 };
  const found = { isSound: true, fingerprint, kinds, count: 7, header: header() };
  expect(verifyAudit(sound)).toMatchObject(found);
  expect(verifyAudit(sound, fingerprint)).toMatchObject(found);
  expect(verifyAudit(sound, publicHalf(KEY))).toMatchObject(found);
  expect(verifyAudit(exported([header()]))).toMatchObject({ isSound: true, count: 2 });
});

it.each([
  ['a word is changed', sound.replace('"one"', '"own"'), 'edited', 2],
  ['a blank is added', sound.replace('{"kind":"host"', '{ "kind":"host"'), 'edited', 2],
  ['a key is given twice', sound.replace('"text":"one"', '"text":"one","text":"one"'), 'edited', 2],
  ['the ends of lines are DOS’s', sound.replaceAll('\n', '\r\n'), 'edited', 1],
  ['a line is empty', sound.replace('\n', '\n\n'), 'edited', 2],
  ['the header is gone', without(0), 'removed', 1],
  ['a line is gone', without(2), 'removed', 3],
  ['several are gone', without(2, 5), 'removed', 3],
  ['a line is there twice', joined([...lines.slice(0, 4), lines[2]!, ...lines.slice(4)]), 'inserted', 5],
  [
    'two are swapped',
    joined([...lines.slice(0, 2), lines[4]!, lines[3]!, lines[2]!, ...lines.slice(5)]),
    'moved',
    3,
  ],
  ['the end is gone', joined(lines.slice(0, 5)), 'cut short', 6],
  ['half a line is gone', sound.slice(0, -20), 'cut short', 7],
  ['its last end of a line is gone', sound.slice(0, -1), 'cut short', 7],
  ['something is added', `${sound}{}\n`, 'inserted', 8],
  ['another export is added', sound + sound, 'inserted', 8],
  ['there is nothing', '', 'cut short', 1],
  ['it is something else', '{"a":1}\n', 'edited', 1],
])('%s', (_, text, fault, line) => {
  expect(verifyAudit(text)).toMatchObject({ isSound: false, fault, line });
});

describe('somebody who writes the chain anew, without the key', () => {
  const changed = [header(), ...LINES.slice(1).map(hostLine)];
  it('cannot sign it', () => {
    const forged = exported(changed, newAuditKey());
    expect(verifyAudit(forged)).toMatchObject({ fault: 'not signed', line: 6 });
  });
  it('cannot take the footer of the true one along', () => {
    const stolen = JSON.parse(lines.at(-1)!) as { signature: string };
    const rows = exported(changed).split('\n').slice(0, -2);
    const whole = exported([...changed])
      .split('\n')
      .at(-2)!;
    const { signature: _, ...footer } = JSON.parse(whole) as Record<string, unknown>;
    const forged = joined([...rows, canonical({ ...footer, signature: stolen.signature })]);
    expect(verifyAudit(forged)).toMatchObject({ isSound: false });
  });
  it('signs with a key of their own: only who knows the true one sees it', () => {
    const [own, fingerprint] = [newAuditKey(), keyFingerprint(publicHalf(KEY))];
    const forged = exported([header(own), hostLine('nothing happened')], own);
    expect(verifyAudit(forged)).toMatchObject({ isSound: true });
    expect(verifyAudit(forged, fingerprint)).toMatchObject({ fault: 'other key', line: 1 });
  });
  it.each([
    ['no key', { ...header(), publicKey: 7 }],
    ['no key of this kind', { ...header(), publicKey: 'AAAA' }],
    ['another format', { ...header(), format: 'clincher.audit/2' }],
  ])('a header with %s is refused, not stumbled over', (_, one) => {
    expect(verifyAudit(exported([one as never]))).toMatchObject({ isSound: false });
  });
});

describe('whatever is done to it', () => {
  const at = fc.nat({ max: sound.length - 1 });
  const row = fc.nat({ max: lines.length - 1 });
  const isFound = (text: string): boolean => text === sound || !verifyAudit(text).isSound;
  it.each([
    [
      'one character becomes another',
      fc
        .tuple(at, fc.string({ minLength: 0, maxLength: 3, unit: 'binary' }))
        .map(([i, by]) => sound.slice(0, i) + by + sound.slice(i + 1)),
    ],
    [
      'something is put in',
      fc
        .tuple(at, fc.string({ minLength: 1, unit: 'binary' }))
        .map(([i, more]) => sound.slice(0, i) + more + sound.slice(i)),
    ],
    ['it is cut anywhere', at.map((i) => sound.slice(0, i))],
    ['its beginning is cut anywhere', at.map((i) => sound.slice(i + 1))],
    ['lines are taken out', fc.tuple(row, row).map(([i, n]) => without(i, i + 1 + (n % 3)))],
    ['its lines are in another order', fc.shuffledSubarray(lines, { minLength: lines.length }).map(joined)],
    ['some lines are left, in whatever order', fc.shuffledSubarray(lines).map(joined)],
    ['a line is repeated', fc.tuple(row, row).map(([i, to]) => joined(lines.toSpliced(to, 0, lines[i]!)))],
  ])('%s: it is found', (_, texts) => {
    fc.assert(fc.property(texts, isFound), { numRuns: 400 });
  });
  it('every line names itself when it is the one that was changed', () => {
    fc.assert(
      fc.property(row, fc.nat(), (i, j) => {
        const line = lines[i]!;
        const place = j % line.length;
        const other = line[place] === 'x' ? 'y' : 'x';
        const text = joined(lines.with(i, line.slice(0, place) + other + line.slice(place + 1)));
        expect(verifyAudit(text)).toMatchObject({ isSound: false, fault: 'edited', line: i + 1 });
      }),
    );
  });
  it('one value is written in one way', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value));
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

it('needs nothing of clincher: three lines and a standard signature', () => {
  const { publicKey } = JSON.parse(lines[0]!) as { publicKey: string };
  const { count, head, signature } = JSON.parse(lines.at(-1)!) as {
    count: number;
    head: string;
    signature: string;
  };
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const text = `clincher.audit/1\n${count}\n${head}\n`;
  expect(statement({ count, head })).toBe(text);
  expect(verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))).toBe(true);
});
