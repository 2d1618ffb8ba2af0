// The control plane of docker-compose.temporal.yml on a lab host: the file as it stands, images by its own names, commands in a worker.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { projectRoot } from '../../src/temporal/paths.js';
import type { ImageName } from '../lab/images/catalog.js';
import { ensureStackImages } from '../lab/images/stack.js';
import { labKey } from '../lab/key.js';
import type { ExecResult, LabHost } from '../lab/lab.js';
import { must } from './published.js';

export const PLACE = '/opt/clincher';
export const FOLDER = '/srv/clincher';
const IMAGES: readonly ImageName[] = [
  ...(['postgres', 'temporal-server', 'temporal-admin-tools', 'temporal-ui'] as const),
  'clincher',
];

export interface ComposedOptions {
  workers: number;
  /** What clincher.yaml there says of its servers; keys are put in. */
  servers: Record<string, unknown>;
  say(line: string): void;
}

export const KEY = `${FOLDER}/keys/lab`;

/** Docker as the distribution has it, the images under the names that the compose file uses. */
export async function engine(host: LabHost, say: (line: string) => void): Promise<void> {
  const { registry, images } = await ensureStackImages(say, [...IMAGES]);
  await must(
    host,
    'export DEBIAN_FRONTEND=noninteractive; apt-get -q update >/dev/null && apt-get -yq install --no-install-recommends docker.io docker-cli docker-compose curl >/dev/null && systemctl start docker',
  );
  for (const name of IMAGES) {
    const { repository, version } = images[name];
    const from = `${registry}/${repository}:${version}`;
    await must(host, `docker pull -q ${from} >/dev/null && docker tag ${from} ${repository}:${version}`);
  }
}

/** Brings it up by the words of the file's own head. */
export class Composed {
  constructor(readonly host: LabHost) {}

  async install({ workers, servers }: ComposedOptions): Promise<void> {
    const { host } = this;
    const compose = readFileSync(join(projectRoot(), 'docker-compose.temporal.yml'), 'utf8');
    await must(host, `mkdir -p ${PLACE} && cat >${PLACE}/docker-compose.yml`, compose);
    await must(
      host,
      `cd ${PLACE} && install -d -m 700 secrets && head -c 24 /dev/urandom | base64 >secrets/temporal-postgres-password && chmod 644 secrets/*`,
    );
    await must(
      host,
      `printf 'COMPOSE_PROFILES=worker\\nCLINCHER_WORKERS=%s\\nTEMPORAL_CODEC_ENDPOINT=http://127.0.0.1:8081\\n' ${workers} >${PLACE}/.env`,
    );
    await must(
      host,
      `install -d -m 700 ${FOLDER} ${FOLDER}/keys && cat >${KEY}`,
      readFileSync(labKey().privateKeyFile, 'utf8'),
    );
    const config = stringify({ version: 1, servers }, { aliasDuplicateObjects: false });
    await must(
      host,
      `cat >${FOLDER}/clincher.yaml && chmod -R go= ${FOLDER} && chown -R 1000:1000 ${FOLDER}`,
      config,
    );
  }

  /** Resolves with how long it took until a command got an answer, milliseconds. */
  async up(): Promise<number> {
    const began = Date.now();
    await must(this.host, `cd ${PLACE} && docker compose up -d 2>&1 | tail -n 3`);
    for (;;) {
      if ((await this.cli('runs', '--json')).code === 0) return Date.now() - began;
      if (Date.now() - began > 180_000) throw new Error(`not up: ${await this.logs()}`);
      await sleep(500);
    }
  }

  async logs(): Promise<string> {
    return (await this.host.exec(`cd ${PLACE} && docker compose ps -a; docker compose logs --tail 15`))
      .stdout;
  }

  compose(words: string): Promise<string> {
    return must(this.host, `cd ${PLACE} && docker compose ${words}`);
  }

  /** Ids of the workers that run. */
  async workers(): Promise<string[]> {
    const found = await must(this.host, `cd ${PLACE} && docker compose ps -q --status running worker`);
    return found.split('\n').filter(Boolean);
  }

  /** A command in one of the workers' containers, as an operator on that machine types it. */
  cli(...words: string[]): Promise<ExecResult> {
    return this.inWorker('clincher', ...words);
  }

  inWorker(...words: string[]): Promise<ExecResult> {
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const one = `docker ps -q -f label=com.docker.compose.service=worker -f status=running | head -n 1`;
    return this.host.exec(`docker exec $(${one}) ${quoted}`, { timeoutMs: 400_000 });
  }
}
