// stack.compose: the services, their networks and limits stand in plain compose files.
import { fileStep } from './stack-file-step.js';

export const stackCompose = fileStep({
  id: 'stack.compose',
  title: 'The services, their networks and limits stand in plain compose files',
  why: 'One graph of files, which every command in that folder uses, so that no start forgets an overlay.',
  source: 'guide Step 3; https://docs.docker.com/reference/compose-file/',
  owns: (path) => /\/(docker-compose|compose\.[a-z-]+)\.yml$/.test(path),
});
