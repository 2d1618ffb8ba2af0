// OpenClaw does not start with the configuration that it finds, after an update or somebody's edit.
import { defineCheck, onHost, runsGateway, unless } from '../checks/define.js';
import { logLines } from '../commands/log-lines.js';
import { CONTAINER } from '../commands/openclaw.js';
import { defineDiagnosis, differs, failed } from './define.js';
import { converge } from './repairs.js';

const log = defineCheck({
  id: 'diagnose.config-log',
  title: 'The gateway starts with its configuration',
  why: 'Each version refuses what it does not know, and does not start.',
  source: 'https://docs.openclaw.ai/gateway/configuration',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({
    complaints: logLines(
      CONTAINER,
      'config(uration)? (is )?invalid|invalid config|Unrecognized key|JSON5? ?parse|older than the config',
    ),
  }),
  judge: ({ complaints }, server) =>
    unless(complaints, 'it complains of nothing', onHost(server, 'docker logs --tail 50 openclaw')),
});

const refuses = failed('diagnose.config-log', /./, 3);

export const configError = defineDiagnosis({
  id: 'diagnose.config',
  symptom: 'The gateway refuses its configuration',
  why: 'It ends at each start, and Docker starts it over.',
  source: 'guide Step 12, row 14; https://docs.openclaw.ai/gateway/configuration',
  asks: [log],
  suspects: [
    {
      id: 'config-settings',
      title: 'settings of ours have values, or names, that this version does not take',
      needs: [refuses, differs('openclaw.config', /./, 2)],
      repair: converge('openclaw.config,stack.services'),
    },
    {
      id: 'config-foreign',
      title: 'something that clincher did not write is in it',
      needs: [refuses],
      byHand: ({ name, stack }) => [
        `what was there before: ${stack.directory}/data/openclaw.json.bak`,
        `older ones: clincher backups ls -s ${name}`,
      ],
    },
  ],
});
