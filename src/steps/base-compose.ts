// base.compose: `docker compose` is version 2 or later.

import * as apt from '../commands/apt.js';
import * as docker from '../commands/docker.js';
import { dpkg } from './base-packages.js';
import { change, defineStep } from './define.js';
import { distributionPackages } from './docker-packages.js';

const WHERE = { docker: 'docker-compose-plugin', distribution: 'docker-compose' };

export const baseCompose = defineStep({
  id: 'base.compose',
  title: 'Docker Compose is version 2 or later',
  why: 'The stack’s files use what version 1, which is no longer maintained, does not know.',
  source: 'guide Step 1 (`docker compose version`)',
  after: ['base.docker'],
  facts: () => ({ version: docker.compose, installed: dpkg }),
  plan({ version }, { docker: { source } }, { os }) {
    if (version !== null && Number.parseInt(version, 10) >= 2) return [];
    if (source === 'present')
      throw new Error(`docker.source is \`present\`, and Compose is ${version ?? 'not there'}`);
    const name =
      source === 'docker'
        ? WHERE.docker
        : (distributionPackages(os).find((each) => each.includes('compose')) ?? '');
    return [change(`install ${name} (Compose is ${version ?? 'not there'})`, apt.install(name))];
  },
});
