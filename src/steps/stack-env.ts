// stack.env: keys of the services stand in .env, for its owner alone.
import { fileStep } from './stack-file-step.js';

export const stackEnv = fileStep({
  id: 'stack.env',
  title: 'Keys of the services stand in .env, for its owner alone',
  why: 'Compose hands them to the services that need them; nobody else on the host can read them.',
  source: 'guide Step 3',
  owns: (path) => path.endsWith('/.env'),
});
