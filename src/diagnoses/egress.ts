// The egress proxy refuses what the configuration needs.
import { defineDiagnosis, differs, failed } from './define.js';
import { converge } from './repairs.js';

export const egressBlocks = defineDiagnosis({
  id: 'diagnose.egress',
  symptom: 'The egress proxy blocks what it should let out',
  why: 'A model or a channel does not answer, and says nothing of the proxy.',
  source: 'guide Step 12, row 11; https://github.com/stripe/smokescreen#acls',
  suspects: [
    {
      id: 'egress-list',
      title: 'its list lacks what clincher.yaml needs, or was not taken up',
      needs: [failed('verify.egress-allowed')],
      also: [differs('stack.egress', /./, 2), differs('stack.services', /egress/)],
      repair: converge('stack.egress,stack.services'),
      byHand: ({ name }) => [
        `what it needs besides: clincher egress ls -s ${name}; clincher egress allow <domain>`,
      ],
    },
  ],
});
