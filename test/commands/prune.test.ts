// What is free, told once for each disk; and sizes as people read them.
import { expect, it } from 'vitest';
import { freeAt, sized } from '../../src/commands/prune.js';

const HEAD = 'Filesystem     1024-blocks      Used Available Capacity Mounted on\n';
const free = (...rows: string[]) =>
  freeAt('/').parse({ stdout: HEAD + rows.join('\n'), stderr: '', exitCode: 0 });

it('one disk through two mounts counts once, two disks twice', () => {
  const root = 'overlay          264086144 205312000  54563584      80% /';
  expect(free(root, '/dev/vda1        264086144 205312000  54563584      80% /var/lib/docker')).toBe(
    54563584 * 1024,
  );
  expect(free(root, '/dev/vdb1         10255636   1000000   9255636      10% /var/lib/docker')).toBe(
    (54563584 + 9255636) * 1024,
  );
});
it('no answer is unknown', () => expect(() => free()).toThrow('df says nothing'));
it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [2_412_345_678, '2.4 GB'],
  [734_003_200, '734 MB'],
])('%s is %s', (bytes, text) => expect(sized(bytes)).toBe(text));
