// One state an alert: raised, told again, over; and what nobody could see stays as it was.
import { describe, expect, it } from 'vitest';
import type { Alert, KeyedSymptom } from '../../src/model.js';
import { due, looked, standing, told } from '../../src/workflows/alert-book.js';
import { message } from '../../src/workflows/alert-notice.js';

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 10, 28);
const at = (look: number): number => T0 + look * 5 * MINUTE;
const COOLDOWN = 30 * MINUTE;

const symptom = (more: Partial<KeyedSymptom> = {}): KeyedSymptom => ({
  ...{
    key: 'watch.disk:/',
    about: '/',
    level: 'critical',
    text: '/ is full',
    remedy: ['clincher run prune -s lab'],
  },
  ...more,
});

/** Looks in a row; `told` of each, as a phone would show them. */
function days(looks: readonly (readonly KeyedSymptom[] | 'blind')[], from: Alert[] = []) {
  const titles: string[] = [];
  let book = from;
  for (const [i, seen] of looks.entries()) {
    const now = at(i);
    const isBlind = seen === 'blind';
    book = looked(
      book,
      { symptoms: isBlind ? [] : [...seen], judged: isBlind ? [] : ['watch.disk', 'watch.memory'] },
      now,
    );
    const next = message('lab', book, now, COOLDOWN);
    titles.push(next?.notice.title ?? '');
    if (next) book = told(book, next.said, now);
  }
  return { titles, book };
}
const repeat = <T>(what: T, times: number): T[] => Array.from({ length: times }, () => what);

describe('an alert', () => {
  it('is told once, again after the cooldown, and when it is over', () => {
    const { titles, book } = days([...repeat([symptom()], 8), [], []]);
    expect(titles).toEqual(['/ is full', '', '', '', '', '', '/ is full', '', '', 'over: / is full']);
    expect(book).toEqual([]);
  });

  it('a warning is told again after a day, not every half hour of the night', () => {
    const { titles } = days(repeat([symptom({ level: 'warning' })], 290));
    expect(titles.flatMap((title, i) => (title === '' ? [] : [i]))).toEqual([0, 288]);
  });

  it('that has to be seen twice is not told of one look', () => {
    const twice = symptom({ looks: 2 });
    expect(days([[twice], [], [twice], [twice]]).titles).toEqual(['', '', '', '/ is full']);
  });

  it('that comes and goes is one alert', () => {
    const { titles } = days([[symptom()], [], [symptom()], [], [symptom()]]);
    expect(titles).toEqual(['/ is full', '', '', '', '']);
  });

  it('that comes back before anybody heard that it was over is told as both', () => {
    const seen = days([[symptom()]]).book;
    const over = looked(
      looked(seen, { symptoms: [], judged: ['watch.disk'] }, at(1)),
      { symptoms: [], judged: ['watch.disk'] },
      at(2),
    );
    const back = looked(over, { symptoms: [symptom()], judged: ['watch.disk'] }, at(3));
    expect(back.map((alert) => due(alert, at(3), COOLDOWN))).toEqual(['over', 'new']);
  });

  it('stays as it was while nobody can look', () => {
    const { titles, book } = days([[symptom()], ...repeat('blind' as const, 4), []]);
    expect(titles.filter(Boolean)).toEqual(['/ is full']);
    expect(standing(book)).toMatchObject([{ key: 'watch.disk:/', unseen: 1 }]);
  });

  it('nobody took it: the next look tries again', () => {
    const book = looked([], { symptoms: [symptom()], judged: [] }, at(0));
    expect(
      message('lab', looked(book, { symptoms: [symptom()], judged: [] }, at(1)), at(1), COOLDOWN)?.notice,
    ).toMatchObject({
      ...{ server: 'lab', level: 'critical', title: '/ is full' },
      lines: ['new: critical / is full', 'clincher run prune -s lab', 'clincher alerts ls -s lab'],
    });
  });

  it('changes its words and its level, not its name', () => {
    const { book } = days([
      [symptom({ level: 'warning', text: '/ is 86 % full' })],
      [symptom({ text: '/ is 97 % full' })],
    ]);
    expect(book).toMatchObject([
      { level: 'critical', text: '/ is 97 % full', since: new Date(T0).toISOString() },
    ]);
  });
});

describe('one message a look', () => {
  it('says what is new first, then what is over, and how much there is', () => {
    const memory = symptom({ key: 'watch.memory', text: 'memory is short' });
    const { book } = days([[memory], []]);
    const now = at(2);
    const seen = looked(book, { symptoms: [symptom()], judged: ['watch.disk', 'watch.memory'] }, now);
    const { notice } = message('lab', seen, now, COOLDOWN)!;
    expect(notice.title).toBe('1 new, 1 over: / is full');
    expect(notice.lines.slice(0, 2)).toEqual([
      'new: critical / is full',
      'over: critical memory is short (10 min)',
    ]);
  });

  it('a storm is one message of a few lines', () => {
    const storm = Array.from({ length: 40 }, (_, i) =>
      symptom({ key: `watch.disk:/${i}`, text: `/${i} is full` }),
    );
    const { notice, said } = message('lab', looked([], { symptoms: storm, judged: [] }, T0), T0, COOLDOWN)!;
    expect(said).toHaveLength(40);
    expect(notice.title).toBe('40 new: /0 is full');
    expect(notice.lines).toContain('and 32 more');
    expect(notice.lines.length).toBeLessThan(13);
  });

  it('that all is over is no cry for help', () => {
    const { book } = days([[symptom()], []]);
    const now = at(2);
    const seen = looked(book, { symptoms: [], judged: ['watch.disk'] }, now);
    expect(message('lab', seen, now, COOLDOWN)?.notice.level).toBe('info');
  });
});
