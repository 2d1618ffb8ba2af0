// Whether the standby could take over, as the check of the daily proof judges it: noticed within minutes.
import { standbyCopies, standbyIdle } from '../checks/standby.js';
import type { Check, Facts, HostContext, Symptom } from '../model.js';
import { defineWatch, seen } from './define.js';

/** No standby is judged by it. */
const ANY_HOST = {} as HostContext;

const watched = <F extends Facts>(id: string, check: Check<F>) =>
  defineWatch({
    id,
    title: check.title,
    why: check.why,
    source: check.source,
    vantage: 'host',
    wanted: (server) => check.wanted?.(server) ?? true,
    facts: check.facts,
    judge(facts, server) {
      const { verdict, evidence, remedy } = check.judge(facts, server, ANY_HOST);
      const symptom: Symptom = { about: '', level: 'critical', text: evidence.join('; '), remedy };
      return seen([verdict === 'pass' ? undefined : symptom], evidence.join('; '));
    },
  });

export const copies = watched('watch.copies', standbyCopies);
export const idle = watched('watch.idle', standbyIdle);
