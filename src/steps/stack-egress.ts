// stack.egress: only domains of what is turned on are let out.
import { fileStep } from './stack-file-step.js';

export const stackEgress = fileStep({
  id: 'stack.egress',
  title: 'Only domains of what is turned on are let out',
  why: 'A prompt injection can send data to every domain that is listed here, so nothing is listed that nobody needs.',
  source: 'guide Step 3; https://github.com/stripe/smokescreen',
  owns: (path) => path.includes('smokescreen'),
});
