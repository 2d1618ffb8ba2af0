// Images of one file at the lab's registry: for what is about names, tags and digests, and not about what runs.
import { buildFolder, inFolder, putFiles } from '../build.js';
import { docker } from '../docker.js';
import { digestOf } from './registry-api.js';

/** Another word makes it another image. Returns the digest that Docker pushed. */
export async function pushTiny(registry: string, name: string, tag: string, word: string): Promise<string> {
  const reference = `${registry}/${name}:${tag}`;
  await inFolder(async (files) => {
    putFiles(files, { Dockerfile: 'FROM scratch\nCOPY word /word\n', word });
    await buildFolder(reference, files);
  });
  await docker(['push', '-q', reference]);
  await docker(['rmi', reference]);
  return (await digestOf(registry, name, tag)) ?? '';
}
