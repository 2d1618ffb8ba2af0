// `clincher images lock|check`: what each image tag means exactly, written down once, and whether that still holds.

import { shownFile } from '../../config/load.js';
import { lockPath } from '../../config/lock.js';
import { type CheckedImage, checkImages, exitOfCheck } from '../../images/check-images.js';
import { type LockedImage, lockImages } from '../../images/lock-images.js';
import { scanImages } from '../../images/scan.js';
import { COSIGN_MISSING, COSIGN_PAGE } from '../../images/signature.js';
import type { Deps } from '../deps.js';
import { worst } from '../exit.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import { configOf, type ServerOptions, serversToList } from '../servers.js';
import { type CheckLine, checkView, type LockLine, lockView } from '../view/images.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';

type Options = Pick<GlobalOptions, 'config' | 'output'> & ServerOptions;

export interface ImagesLockOptions extends Options {
  upgrade?: boolean;
}

export async function imagesLock(
  io: Io,
  options: ImagesLockOptions,
  { now }: Pick<Deps, 'now'>,
): Promise<number> {
  const { config, servers, isAll } = asked(io, options);
  const { env, cwd } = io;
  const { upgrade } = options;
  const work = { config, servers, env, cwd, now: new Date(now()), upgrade, prune: isAll };
  const { images, dropped } = await lockImages(work);
  const lines = images.map(lockLine);
  const notes = unverified(lines);
  const file = lockPath(config.path);
  if (options.output !== 'text')
    io.out(print(document('images-lock', { file, images: lines, dropped, notes })));
  else {
    for (const line of lockView(lines, answering(io))) io.out(`${line}\n`);
    for (const key of dropped) io.out(`dropped ${key}: no server needs it\n`);
    io.out(`${images.length} locked in ${shownFile(file, cwd)}\n`);
    for (const note of notes) io.err(`${note}\n`);
  }
  return 0;
}

function asked(io: Io, options: Options) {
  const config = configOf(io, options);
  const servers = serversToList(io, config, options);
  return { config, servers, isAll: servers.length === Object.keys(config.servers).length };
}

const lockLine = ({ image, entry, before }: LockedImage): LockLine => ({
  image: image.key,
  action: before === undefined ? 'locked' : before.digest === entry.digest ? 'kept' : 'changed',
  digest: entry.digest,
  ...(before === undefined || before.digest === entry.digest ? {} : { previous: before.digest }),
  platforms: entry.platforms,
  ...(entry.signature === undefined ? {} : { signature: entry.signature }),
});

/** What was not proved is said, or its absence would read as a proof. */
function unverified(lines: readonly { signature?: string | undefined }[]): string[] {
  const count = lines.filter(({ signature }) => signature === COSIGN_MISSING).length;
  const whose = count === 1 ? 'The signature of one image was' : `Signatures of ${count} images were`;
  return count === 0 ? [] : [`${whose} not checked: cosign is not installed (${COSIGN_PAGE}).`];
}

export interface ImagesCheckOptions extends Options {
  scan?: boolean;
}

export async function imagesCheck(io: Io, options: ImagesCheckOptions): Promise<number> {
  const { config, servers } = asked(io, options);
  const images = await checkImages({ config, servers, env: io.env });
  const lines = images.map(checkLine);
  const scan = options.scan ? await scanned(images, io.env) : undefined;
  const notes = [...unverified(lines), ...(scan?.notes ?? [])];
  const code = worst([exitOfCheck(images), scan?.code ?? 0]);
  const file = lockPath(config.path);
  if (options.output !== 'text')
    io.out(print(document('images-check', { file, ok: code === 0, images: lines, notes })));
  else {
    for (const line of checkView(lines, answering(io))) io.out(`${line}\n`);
    for (const note of notes) io.err(`${note}\n`);
  }
  return code;
}

const checkLine = ({ image, state, entry, tagDigest, signature, reason }: CheckedImage): CheckLine => ({
  image: image.key,
  state,
  servers: [...new Set(image.uses.map(({ server }) => server))],
  ...(entry === undefined ? {} : { digest: entry.digest }),
  ...(tagDigest === undefined ? {} : { tagDigest }),
  ...(signature === undefined ? {} : { signature }),
  ...(reason === undefined ? {} : { reason }),
});

/** Holes are told and judged by people; a scan that was asked for and did not happen is a failure. */
async function scanned(
  images: readonly CheckedImage[],
  env: NodeJS.ProcessEnv,
): Promise<{ notes: string[]; code: number }> {
  const scans = await scanImages(images, env);
  if (scans === undefined)
    return {
      notes: ['Nothing was scanned: trivy is not installed (https://trivy.dev/docs/getting-started/).'],
      code: 1,
    };
  const notes = scans.map(({ image, holes, reason }) =>
    holes === undefined
      ? `${image} was not scanned: ${reason}`
      : `${image}: ${holes.critical} critical and ${holes.high} high vulnerabilities known to trivy`,
  );
  return { notes, code: scans.some(({ holes }) => holes === undefined) ? 1 : 0 };
}
