// What a restore drill proves, judged from what the restored gateway said. Pure.
import type { CheckResult, Drill, Judgement, Server } from '../model.js';

type Answered = Drill & { answer: NonNullable<Drill['answer']> };

import { fail, pass } from './define.js';

interface About {
  id: string;
  title: string;
  why: string;
  judge(drill: Answered, server: Server): Judgement;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const AGAIN = (server: Server): string[] => [
  `clincher logs @last -s ${server.name}`,
  `clincher run backup -s ${server.name}`,
];

const CHECKS: readonly About[] = [
  {
    id: 'drill.boots',
    title: 'The restored gateway starts and is ready',
    why: 'An archive that can be read is not yet a gateway that runs.',
    judge: ({ answer, restoreMs, bootMs, backup }, server) =>
      answer.ready === 200
        ? pass(
            `${backup}: restored in ${seconds(restoreMs)}, ready ${seconds(bootMs)} later (${answer.version})`,
          )
        : fail([`/readyz says ${answer.ready}`], ...AGAIN(server)),
  },
  {
    id: 'drill.token',
    title: 'It takes its own token, and nothing else',
    why: 'Without the secrets of that day nobody gets in; without the check everybody does.',
    judge: ({ answer: { token, anonymous } }, server) =>
      token === 200 && anonymous === 401
        ? pass('with the restored token 200, without one 401')
        : fail([`with the restored token ${token}, without one ${anonymous}`], ...AGAIN(server)),
  },
  {
    id: 'drill.settings',
    title: 'It has its settings, and they are valid',
    why: 'A gateway that starts with other settings is another gateway.',
    judge: ({ answer: { valid, authMode, doctor } }, server) =>
      valid && authMode === 'token'
        ? pass(`its configuration is valid, gateway.auth.mode is token; openclaw doctor ended with ${doctor}`)
        : fail([`valid: ${valid}; gateway.auth.mode is ${authMode || 'not set'}`], ...AGAIN(server)),
  },
  {
    id: 'drill.memory',
    title: 'It remembers what it was told before',
    why: 'Memory is what cannot be had again.',
    judge: ({ answer: { memory } }, server) => {
      if (memory === 'known') return pass('it told its own MEMORY.md when it was asked');
      if (memory === 'none') return pass('there is no MEMORY.md in this backup: nothing was remembered yet');
      if (memory === 'off' && !server.memory.enabled) return pass('memory is off, and its tool is not there');
      return fail([`asked for its MEMORY.md: ${memory}`], ...AGAIN(server));
    },
  },
];

/** None where no gateway was asked. */
export const judgeDrill = ({ answer, ...drill }: Drill, server: Server): CheckResult[] =>
  (answer === null ? [] : CHECKS).map(({ judge, ...about }) => ({
    ...about,
    source: 'guide Step 13.10',
    vantage: 'host',
    ...judge({ ...drill, answer: answer! }, server),
  }));
