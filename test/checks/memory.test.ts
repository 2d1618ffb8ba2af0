// What is due of an index, and what has to hold after it was made anew.
import { describe, expect, it } from 'vitest';
import { dueIndex, judgeMade, toldIndex } from '../../src/checks/memory.js';
import type { MemoryFiles, MemoryIndex, MemoryNow, MemorySearch } from '../../src/model.js';
import { server } from '../steps/fixture.js';

const want = server();
const MODEL = 'voyage/voyage-3-large';
const NOW = 1_795_815_964;

const seen = (index: Partial<MemoryIndex> | null = {}, more: Partial<MemoryNow> = {}): MemoryNow => ({
  ...{ now: NOW, files: 3, behind: 0, since: null },
  index: index && { model: MODEL, files: 3, bytes: 4_900_000, leftBytes: 0, isReplaced: false, ...index },
  ...more,
});

const late = { behind: 2, since: NOW - 300 };

describe('due', () => {
  it('nothing of one that is as the files are', () =>
    expect(dueIndex(seen(), want)).toEqual({ why: [], everything: false }));
  it('nothing where there is nothing to remember', () =>
    expect(dueIndex(seen(null, { files: 0 }), want).why).toEqual([]));
  it('what differs, and no more', () =>
    expect(dueIndex(seen({}, late), want)).toEqual({
      why: ['2 files not in the index as they are'],
      everything: false,
    }));
  it.each<[string, Partial<MemoryIndex>, boolean]>([
    ['never made to its end', { model: null }, false],
    ['that was replaced', { isReplaced: true }, true],
    ['of openai/small', { model: 'openai/small' }, true],
    ['501.0 MB', { bytes: 400e6, leftBytes: 101e6 }, true],
  ])('one %s', (said, index, everything) => {
    const due = dueIndex(seen(index), want);
    expect(due.why.join()).toContain(said);
    expect(due.everything).toBe(everything);
  });
});

const kept: MemoryFiles = { before: 3, gone: 0, changed: 0, isRestarted: false };
const found: MemorySearch = { asked: 3, found: 3 };

const verdicts = (now: MemoryNow, files = kept, search = found): string[] =>
  judgeMade(now, files, search, want).map(({ id, verdict }) => `${id} ${verdict}`);

const ALL = ['memory.whole pass', 'memory.kept pass', 'memory.found pass'];

describe('made anew', () => {
  it('holds', () => expect(verdicts(seen())).toEqual(ALL));
  it('what the agent wrote a moment ago may be missing yet', () =>
    expect(verdicts(seen({}, { behind: 1, since: NOW - 30 }))).toEqual(ALL));
  it.each<[string, MemoryNow, MemoryFiles, MemorySearch, string]>([
    ['a file is behind', seen({}, late), kept, found, 'memory.whole'],
    ['it has no metadata', seen({ model: null }), kept, found, 'memory.whole'],
    ['the gateway has another', seen({ isReplaced: true }), kept, found, 'memory.whole'],
    ['a file is gone', seen(), { ...kept, gone: 1 }, found, 'memory.kept'],
    ['nothing is found', seen(), kept, { asked: 3, found: 0 }, 'memory.found'],
    ['it cannot be asked', seen(), kept, { asked: 3, found: 1, error: 'answers 500' }, 'memory.found'],
  ])('fails where %s', (_, now, files, search, id) =>
    expect(verdicts(now, files, search).filter((each) => !each.endsWith('pass'))).toEqual([`${id} fail`]),
  );
  it('files that the agent wrote meanwhile are told', () =>
    expect(judgeMade(seen(), { ...kept, changed: 1 }, found, want)[1]?.evidence).toEqual([
      '3 files, 1 written by the agent meanwhile',
    ]));
});

it('told in figures', () => {
  expect(toldIndex(seen(null, { files: 1 }))).toBe('1 file, no index yet');
  expect(toldIndex(seen({ leftBytes: 4_400_000 }))).toBe(
    `3 files, 3 in the index of 4.9 MB, ${MODEL}, 4.4 MB left by rebuilds that were cut off`,
  );
});
