// What a far end lists, beside what a server keeps.
import { expect, it } from 'vitest';
import { type There, there } from '../../src/commands/backup.js';
import { copiesOf } from '../../src/commands/offsite-copies.js';
import type { Backup } from '../../src/model.js';
import { answer } from './answer.js';

const [A, B, C] = ['20261120T030000Z', '20261121T030000Z', '20261122T030000Z'];
const SHA = 'a'.repeat(64);

const listing = (...lines: string[]): There =>
  there.parse(answer(['1795791600', '1795788000', ...lines, ''].join('\n')));

const whole = (id: string, bytes = 100): string[] => [
  `${id}/archive.tar.zst.age\t${bytes}`,
  `${id}/manifest.json\t20`,
];

const here = (id: string, bytes: number, offsite?: Backup['offsite']): Backup =>
  ({ id, bytes, manifest: { id, bytes, sha256: SHA }, ...(offsite ? { offsite } : {}) }) as Backup;

const noted = (sha256 = SHA) => ({ at: '2026-11-22T10:00:00Z', sha256, where: 'b2:x' });

it('what is only there is told, whole or half', () =>
  expect(copiesOf([], listing(...whole(A!), `${B}/archive.tar.zst.age.half\t50`))).toEqual([
    { id: A, bytes: 100, isWhole: true, isHere: false },
    { id: B, isWhole: false, isHere: false },
  ]));

it('what is here as well is whole where it is as large, and compared where it was read back', () =>
  expect(
    copiesOf(
      [here(A!, 100, noted()), here(B!, 100), here(C!, 100, noted())],
      listing(...whole(A!), ...whole(B!), ...whole(C!, 99)),
    ),
  ).toEqual([
    { id: A, bytes: 100, isWhole: true, isHere: true, comparedAt: '2026-11-22T10:00:00Z' },
    { id: B, bytes: 100, isWhole: true, isHere: true },
    { id: C, bytes: 99, isWhole: false, isHere: true },
  ]));

it('one that was encrypted anew since is compared with nothing', () =>
  expect(copiesOf([here(A!, 100, noted('b'.repeat(64)))], listing(...whole(A!)))[0]).not.toHaveProperty(
    'comparedAt',
  ));

it('one without its manifest is no copy', () =>
  expect(copiesOf([], listing(`${A}/archive.tar.zst.age\t100`))).toEqual([
    { id: A, bytes: 100, isWhole: false, isHere: false },
  ]));
