// stack.proxies: configuration of the proxies beside the gateway.
import { fileStep } from './stack-file-step.js';

export const stackProxies = fileStep({
  id: 'stack.proxies',
  title: 'Configuration of the proxies beside the gateway',
  why: 'What reaches the Docker socket and what the web reaches is decided in these files.',
  source: 'guide Steps 3 and 9',
  owns: (path) => /\/(docker-door\.mjs|Caddyfile|metrics-door\.caddyfile|filebrowser-login\.sh)$/.test(path),
});
