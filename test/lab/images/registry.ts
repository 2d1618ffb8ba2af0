// The lab's image registry: one container at a fixed address, whose storage outlives it in the lab's cache.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ensureDockerEngine } from '../../../scripts/docker-engine.js';
import { patiently, type Say } from '../../../scripts/patiently.js';
import { labAuthority, labCertificate } from '../authority.js';
import { ensureBase } from '../base.js';
import { buildFolder, inFolder, putFiles } from '../build.js';
import { exclusively, fingerprint, labCache } from '../cache.js';
import { docker, hasImage } from '../docker.js';
import { addresses, ensureNetwork } from '../network.js';
import { ask } from './registry-api.js';
import { ensureService, serviceContainer } from './service.js';

const { address } = addresses(3);
export const registryName = `${address}:5000`;

const config = `version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: /storage }
  delete: { enabled: true }
http:
  addr: :5000
  tls: { certificate: /tls.crt, key: /tls.key }
`;

const recipe = (base: string): string => `FROM ${base}
RUN apt-get update -q && apt-get install -yq --no-install-recommends docker-registry && rm -rf /var/lib/apt/lists/*
COPY config.yml /etc/docker/registry/config.yml
ENTRYPOINT ["docker-registry", "serve", "/etc/docker/registry/config.yml"]
`;

/** Returns what stands in front of its images' names. */
export async function ensureRegistry(say: Say): Promise<string> {
  await ensureDockerEngine({ say });
  trustForDocker();
  await exclusively('image-registry', async () => {
    await ensureNetwork();
    await ensureService({ ...(await service(say)), name: 'registry', address });
    await answers();
  });
  return registryName;
}

async function service(say: Say): Promise<{ image: string; mounts: string[] }> {
  const { certificateFile, keyFile } = labCertificate('registry', [`IP:${address}`, 'IP:127.0.0.1']);
  const storage = labCache('registry');
  mkdirSync(storage, { recursive: true });
  const mounts = [`${storage}:/storage`, `${certificateFile}:/tls.crt:ro`, `${keyFile}:/tls.key:ro`];
  return { image: await ensureProgram(say), mounts };
}

async function ensureProgram(say: Say): Promise<string> {
  const base = await ensureBase('trixie', say);
  const files = { Dockerfile: recipe(base), 'config.yml': config };
  const tag = `clincher-lab/registry:${fingerprint(JSON.stringify(files))}`;
  if (await hasImage(tag)) return tag;
  await patiently(say, 'Making the image registry', () =>
    inFolder(async (folder) => {
      putFiles(folder, files);
      await buildFolder(tag, folder);
    }),
  );
  return tag;
}

/** The machine's engine looks here at every push and pull; it needs no restart. */
function trustForDocker(): void {
  const folder = `/etc/docker/certs.d/${registryName}`;
  const { certificate } = labAuthority();
  if (existsSync(`${folder}/ca.crt`) && readFileSync(`${folder}/ca.crt`, 'utf8') === certificate) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/ca.crt`, certificate);
}

async function answers(): Promise<void> {
  let said: unknown;
  for (let i = 0; i < 100; i++) {
    said = await ask(registryName, 'GET', '/v2/').then(
      ({ status }) => status,
      (error: unknown) => error,
    );
    if (said === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `The lab's registry does not answer: ${said}\n${await docker(['logs', '--tail', '5', serviceContainer('registry')])}`,
  );
}
