// The age of the newest backup, as the check of the daily proof judges it: noticed within minutes.
import { backupAge } from '../checks/backups.js';
import type { HostContext, Symptom } from '../model.js';
import { defineWatch, seen } from './define.js';

/** No backup is judged by it. */
const ANY_HOST = {} as HostContext;

export const backups = defineWatch({
  id: 'watch.backups',
  title: backupAge.title,
  why: backupAge.why,
  source: 'guide Step 11 (backup success rate 100 %: any failure)',
  vantage: 'host',
  wanted: (server) => backupAge.wanted?.(server) ?? true,
  facts: backupAge.facts,
  judge(facts, server) {
    const { verdict, evidence, remedy } = backupAge.judge(facts, server, ANY_HOST);
    const symptom: Symptom = { about: '', level: 'critical', text: evidence.join('; '), remedy };
    return seen([verdict === 'pass' ? undefined : symptom], evidence.join('; '));
  },
});
