// The host's audit log, read by the very words that the host is sent, from files as they are and as they should not be.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AUDIT_LOG, auditPage } from '../../src/commands/audit-log.js';
import { folder } from '../secrets/folder.js';

function read(text: string | undefined, since?: string, skip = 0) {
  const file = join(folder(), 'audit.log');
  if (text !== undefined) writeFileSync(file, text);
  const { read: words, parse } = auditPage({ since, skip });
  const [program = '', ...args] = words.map((word) => (word === AUDIT_LOG ? file : String(word)));
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' });
  return parse({ stdout, stderr, exitCode: status ?? -1 });
}

const at = (day: number, what: string): string => `2026-11-${day}T12:00:00Z prod-3f2a ada@desk ${what}`;
const LOG = [at(20, 'a'), at(21, 'b'), '  of b as well', at(22, 'c')];
const text = LOG.map((line) => `${line}\n`).join('');

it('all of it; from a time on, with what has no time of its own; from a line on', () => {
  expect(read(text)).toEqual({ lines: LOG, more: false });
  expect(read(text, '2026-11-21T00:00:00.000Z').lines).toEqual(LOG.slice(1));
  expect(read(text, '2026-11-21T12:00:00.000Z').lines).toEqual(LOG.slice(1));
  expect(read(text, '2026-11-23T00:00:00.000Z').lines).toEqual([]);
  expect(read(text, undefined, 3).lines).toEqual(LOG.slice(3));
});

it('a server that has none, and one whose log is empty', () => {
  expect(read(undefined)).toEqual({ lines: [], more: false });
  expect(read('')).toEqual({ lines: [], more: false });
});

it('page by page, nothing twice and nothing left out', () => {
  const many = Array.from({ length: 1001 }, (_, i) => at(20, `line ${i}`));
  const whole = many.map((line) => `${line}\n`).join('');
  const seen: string[] = [];
  for (let more = true; more; ) {
    const page = read(whole, undefined, seen.length);
    seen.push(...page.lines);
    more = page.more;
  }
  expect(seen).toEqual(many);
});

it('a line that is too long says that it is cut; what is no text does no harm', () => {
  const [long, odd] = read(`${at(20, 'x'.repeat(9000))}\n${at(21, '\u0007$(id) `id` \'"')}\n`).lines;
  expect(long).toMatch(/x … \(cut here\)$/);
  expect(odd).toBe(at(21, '\u0007$(id) `id` \'"'));
});

it('a log that cannot be read is unknown, never empty', () => {
  expect(() => auditPage({ skip: 0 }).parse({ stdout: '', stderr: 'awk: cannot open', exitCode: 0 })).toThrow(
    'cannot open',
  );
  expect(() => auditPage({ skip: 0 }).parse({ stdout: '', stderr: '', exitCode: 1 })).toThrow(
    'cannot be read',
  );
});
