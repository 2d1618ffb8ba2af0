// Tools of the agent run in no sandbox: its container cannot be made. The guide's two rows are told apart by what Docker's client says.

import type { Server } from '../model.js';
import { defineDiagnosis, differs, down, failed } from './define.js';
import { converge, heal } from './repairs.js';

const usesSandbox = ({ openclaw }: Server): boolean => openclaw.sandbox === 'docker';

const why = 'Then every turn that wants a tool fails, while the gateway says that it is healthy.';

const NO_CLIENT = /docker: (not found|Permission denied|No such file)/;

export const sandboxClient = defineDiagnosis({
  id: 'diagnose.sandbox-client',
  symptom: 'The sandbox fails: docker was not found',
  why,
  source: 'guide Step 12, row 1; docs/adr/0005',
  wanted: usesSandbox,
  suspects: [
    {
      id: 'docker-client',
      title: 'the host’s client is not mounted into the gateway',
      needs: [failed('verify.sandbox-door', NO_CLIENT, 3)],
      also: [differs('stack.compose', /docker/)],
      repair: converge('stack.compose,stack.services'),
    },
  ],
});

export const sandboxDoor = defineDiagnosis({
  id: 'diagnose.sandbox-door',
  symptom: 'The sandbox fails: the socket proxy',
  why,
  source: 'guide Step 12, row 2; docs/adr/0005',
  suspects: [
    {
      id: 'docker-proxy-down',
      title: 'the socket proxy does not run',
      needs: [down('docker-proxy')],
      also: [failed('verify.sandbox-door')],
      repair: heal('docker-proxy'),
    },
    {
      id: 'docker-door',
      title: 'the socket proxy is not as it was written',
      needs: [failed('verify.sandbox-door')],
      also: [
        differs('stack.compose', /docker-proxy|docker-door/),
        differs('stack.proxies', /docker-door/, 2),
      ],
      repair: converge('stack.compose,stack.proxies,stack.images,stack.services'),
    },
  ],
});
