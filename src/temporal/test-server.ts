// The time-skipping test server, for tests of workflows: found, downloaded by the SDK, or fetched with Maven.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClincherError } from '../errors.js';
import { downloaded } from './cache.js';
import { findOnPath, isExecutable } from './local-cli.js';
import { acquire, release } from './lock.js';
import { asset, inCache } from './paths.js';
import { everySoOften } from './progress.js';
import { download } from './sdk-download.js';
import type { Say } from './server-source.js';

/** The same as in templates/temporal/test-server/pom.xml; a test compares them. */
export const TEST_SERVER_VERSION = '1.38.0';

const folder = () => inCache(`temporal-test-server-${TEST_SERVER_VERSION}`);
const wrapper = () => join(folder(), 'temporal-test-server');

/** Answers the path of an executable, as `TestWorkflowEnvironment.createTimeSkipping` wants it. */
export async function ensureTestServer(say: Say): Promise<string> {
  const found = findOnPath('temporal-test-server') ?? cached() ?? (await download('test-server', say));
  return found ?? fetchWithMaven(say);
}

const cached = () => (isExecutable(wrapper()) ? wrapper() : downloaded('test-server'));

async function fetchWithMaven(say: Say): Promise<string> {
  const [mvn, java] = [findOnPath('mvn'), findOnPath('java')];
  if (!mvn || !java) throw notAvailable(`${mvn ? 'java' : 'mvn'} is not on PATH`);
  const lock = `${folder()}.lock`;
  while (!acquire(lock)) await sleep(250);
  try {
    if (!isExecutable(wrapper())) await fetch(mvn, say);
    return wrapper();
  } finally {
    release(lock);
  }
}

async function fetch(mvn: string, say: Say): Promise<void> {
  say(`Temporal: fetching test server ${TEST_SERVER_VERSION} with Maven, once …`);
  const draft = `${folder()}.fetching-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    copyFileSync(asset('test-server', 'pom.xml'), join(draft, 'pom.xml'));
    const failed = await copyDependencies(mvn, draft, say);
    if (failed) throw notAvailable(failed);
    writeFileSync(join(draft, 'temporal-test-server'), script(), { mode: 0o755 });
    renameSync(draft, folder());
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * `exec`, since the SDK ends the process that it started and no other. The flags halve the time to the
 * first answer: the SDK waits five seconds at most.
 */
const script = () => `#!/bin/sh
lib=$(dirname "$0")/lib
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$lib/*" io.temporal.testserver.TestServer "$@"
`;

async function copyDependencies(mvn: string, cwd: string, say: Say): Promise<string | undefined> {
  const words = [
    '-B',
    '-q',
    'dependency:copy-dependencies',
    '-DoutputDirectory=lib',
    '-DincludeScope=runtime',
  ];
  const stop = everySoOften(say, (seconds) => `Temporal: still fetching the test server, ${seconds} s …`);
  const child = spawn(mvn, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  stop();
  return code === 0 ? undefined : `mvn failed: ${output.trim().split('\n')[0] ?? ''}`;
}

const notAvailable = (reason: string) =>
  new ClincherError(
    'TEMPORAL_NOT_AVAILABLE',
    'The time-skipping test server could not be found or fetched.',
    {
      evidence: [reason],
      remedy: [
        'install a JDK and Maven (Debian: apt-get install default-jre-headless maven)',
        'or put temporal-test-server on PATH',
      ],
    },
  );
