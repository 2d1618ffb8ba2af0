// A container ends again and again, or was ended for want of memory.
import { defineCheck, onHost, runsGateway, unless } from '../checks/define.js';
import { oomKills } from '../commands/oom-log.js';
import { anyOf, defineDiagnosis, differs, failed } from './define.js';
import { converge } from './repairs.js';

const loops = failed('verify.services', /is restarting|was started over/);

const FILES = ['models', 'egress', 'proxies', 'compose', 'env', 'secrets'].map((name) => `stack.${name}`);

const aFileDiffers = anyOf(...FILES.map((step) => differs(step, /./, 2)));

export const containerLoops = defineDiagnosis({
  id: 'diagnose.loop',
  symptom: 'A container keeps restarting',
  why: 'It looks alive each time one looks, and does nothing in between.',
  source: 'guide Step 12, row 10; https://docs.docker.com/engine/containers/start-containers-automatically/',
  suspects: [
    {
      id: 'loop-files',
      title: 'a file that it reads at its start is not as it was written',
      needs: [loops, aFileDiffers],
      repair: converge([...FILES, 'stack.services'].join(',')),
    },
    {
      id: 'loop',
      title: 'it ends by itself',
      needs: [loops],
      repair: converge('stack.services'),
      byHand: (server) => [`its last words: clincher logs ${server.name} <service> --tail 50`],
    },
  ],
});

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

const log = defineCheck({
  id: 'diagnose.oom-log',
  title: 'The kernel ended no program of the stack for want of memory',
  why: 'Docker forgets it at the next start: of a container in a loop only the kernel tells.',
  source: 'guide Step 12, row 12; dmesg(1)',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ kills: oomKills }),
  judge: ({ kills }, server) =>
    unless(
      Object.entries(kills).map(
        ([name, count]) =>
          `the kernel ended a program of ${name} at its memory limit, ${times(count)} within the hour`,
      ),
      'none within the hour',
      onHost(server, 'dmesg'),
    ),
});

const killed = anyOf(
  failed('watch.oom', /./, 3),
  failed('verify.services', /needed more memory/, 3),
  failed('diagnose.oom-log', /./, 3),
);

export const outOfMemory = defineDiagnosis({
  id: 'diagnose.oom',
  symptom: 'A container was killed for want of memory',
  why: 'The kernel ends it in the middle of its work.',
  asks: [log],
  source: 'guide Step 12, row 12; https://docs.docker.com/engine/containers/resource_constraints/',
  suspects: [
    {
      id: 'oom-limit-here',
      title: 'its limit is not the one that is configured',
      needs: [killed, anyOf(failed('verify.limits'), differs('stack.compose', /memory/, 2))],
      repair: converge('stack.compose,stack.services'),
    },
    {
      id: 'oom-limit',
      title: 'its limit is too small for what it does',
      needs: [killed],
      byHand: ({ name }) => [
        'raise its memory in clincher.yaml (stack.limits), or choose a larger stack.tier',
        `clincher run provision -s ${name} --only 'stack.*'`,
      ],
    },
  ],
});
