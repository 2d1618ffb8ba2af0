// Critical holes fail; where nobody looked, or the look failed, nothing is known: that is no pass.
import { expect, it } from 'vitest';
import { judgeImage } from '../../src/checks/image-holes.js';
import { fixtureServer } from '../fixture-server.js';

const judged = (found: Parameters<typeof judgeImage>[2]) =>
  judgeImage('redis', 'redis:7@sha256:ab', found, fixtureServer());

it('none is a pass, and high ones are told', () =>
  expect(judged({ critical: [], high: 3 })).toMatchObject({
    ...{ id: 'images.redis', title: 'No critical hole is known in redis:7', verdict: 'pass' },
    evidence: ['no critical hole is known; 3 that are high besides'],
  }));
it('each critical one is told, up to six', () => {
  const critical = Array.from({ length: 8 }, (_, i) => `CVE-${i}`);
  const { verdict, evidence, remedy } = judged({ critical, high: 0 });
  expect([verdict, evidence.at(-2)]).toEqual(['fail', 'and 2 more']);
  expect(remedy.join()).toContain('clincher run upgrade -s lab');
});
it('no trivy is unknown, and says what to install', () => {
  const { verdict, evidence, remedy } = judged(null);
  expect([verdict, evidence]).toEqual(['unknown', ['trivy is not on the server, so nobody has looked']]);
  expect(remedy[0]).toContain('install trivy');
});
it('a look that failed is unknown', () =>
  expect(judged(new Error('failed to download'))).toMatchObject({
    verdict: 'unknown',
    evidence: ['failed to download'],
  }));
