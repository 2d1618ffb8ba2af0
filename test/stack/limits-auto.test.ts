// `stack.tier: auto`: what a host has is shared out, all of it is enough, what the configuration says wins.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Server } from '../../src/model.js';
import { cpusNeeded, limitsOf, memoryNeeded, sizeBytes } from '../../src/stack/limits.js';
import { partitionOf } from '../../src/stack/partitions.js';
import { limitProblems } from '../../src/steps/preflight-stack.js';
import { partitioned } from '../fixture-partitions.js';
import { type Overrides, server } from '../steps/fixture.js';

const GIB = 2 ** 30;

const auto = (memory: number, cpus: number, more: Overrides = {}, base = server): Server => {
  const made = base({ proxy: { kind: 'none' }, ...more });
  return { ...made, stack: { ...made.stack, tier: 'auto' }, machine: { memory: memory * GIB, cpus } };
};

it.each<[number, number, Record<string, string>]>([
  [4, 2, { openclaw: '2624m', litellm: '512m', redis: '192m', 'openclaw-egress': '64m' }],
  [16, 8, { openclaw: '12672m', litellm: '2048m', redis: '512m', 'openclaw-egress': '256m' }],
  [64, 16, { openclaw: '16384m', litellm: '2048m', redis: '512m', 'openclaw-egress': '256m' }],
])('%i GiB and %i processors', (memory, cpus, wanted) => {
  const limits = limitsOf(auto(memory, cpus));
  const found = Object.keys(wanted).map((name) => [name, limits[name as keyof typeof limits]?.memory]);
  expect(Object.fromEntries(found)).toEqual(wanted);
});

describe('whatever the host has', () => {
  const hosts = fc.record({
    memory: fc.double({ min: 3, max: 512, noNaN: true }),
    cpus: fc.integer({ min: 1, max: 128 }),
  });
  it('all together is no more than that, and no service may use more processors than there are', () =>
    fc.assert(
      fc.property(hosts, ({ memory, cpus }) => {
        const one = auto(memory, cpus);
        expect(memoryNeeded(one)).toBeLessThanOrEqual(memory * GIB);
        expect(cpusNeeded(one)).toBeLessThanOrEqual(cpus);
        expect(limitProblems({ memory: memory * GIB, cpus }, one)).toEqual([]);
      }),
    ));
  it('so it is with three gateways, where each gets the same', () =>
    fc.assert(
      fc.property(fc.double({ min: 8, max: 512, noNaN: true }), (memory) => {
        const three = auto(memory, 8, {}, partitioned);
        expect(memoryNeeded(three)).toBeLessThanOrEqual(memory * GIB);
        expect(limitsOf(partitionOf(three, 'team')).openclaw).toEqual(limitsOf(three).openclaw);
      }),
    ));
});

it('some megabytes more or less change nothing', () =>
  expect(limitsOf(auto(7.76, 4))).toEqual(limitsOf(auto(7.77, 4))));

it('what the configuration says wins, and the gateway gets what that leaves', () => {
  const plain = limitsOf(auto(16, 8));
  const said = limitsOf(auto(16, 8, { stack: { limits: { litellm: { cpus: 1, memory: '4g' } } } }));
  expect(said.litellm).toEqual({ cpus: 1, memory: '4g' });
  expect(sizeBytes(said.openclaw!.memory)).toBe(sizeBytes(plain.openclaw!.memory) - 2 * GIB);
  const own = limitsOf(auto(16, 8, { stack: { limits: { openclaw: { cpus: 2, memory: '3g' } } } }));
  expect(own.openclaw).toEqual({ cpus: 2, memory: '3g' });
});

it('a sandbox is taken out first', () => {
  const without = limitsOf(auto(8, 4)).openclaw!.memory;
  const sandboxed = auto(8, 4, { openclaw: { sandbox: 'docker' } });
  expect(sizeBytes(without) - sizeBytes(limitsOf(sandboxed).openclaw!.memory)).toBeGreaterThan(0.7 * GIB);
  expect(memoryNeeded(sandboxed)).toBeLessThanOrEqual(8 * GIB);
});

it('a host that cannot hold its gateways is told so, with figures', () => {
  const machine = { memory: 4 * GIB, cpus: 2 };
  const three = auto(4, 2, {}, partitioned);
  expect(limitProblems(machine, three)).toEqual([
    expect.stringMatching(
      /^the limits of tier `auto` need 6\.\d GiB of memory together, the host has 4\.0 GiB: lower stack\.limits/,
    ),
  ]);
});
