// `clincher images sbom`: one SPDX list for each locked image, for whoever asks what is inside.
import { resolve } from 'node:path';
import { ClincherError } from '../../errors.js';
import { writeSboms } from '../../images/sbom.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import { configOf, type ServerOptions, serversToList } from '../servers.js';
import { document, print } from '../view/json.js';

export interface ImagesSbomOptions extends Pick<GlobalOptions, 'config' | 'output'>, ServerOptions {
  out?: string;
}

export async function imagesSbom(io: Io, options: ImagesSbomOptions): Promise<number> {
  if (options.out === undefined)
    throw new ClincherError('USAGE', 'Where do the lists go?', { remedy: ['add --out <folder>'] });
  const config = configOf(io, options);
  const servers = serversToList(io, config, options);
  const sboms = await writeSboms({ config, servers, env: io.env, folder: resolve(io.cwd, options.out) });
  if (options.output !== 'text') io.out(print(document('images-sbom', { sboms })));
  else for (const { path } of sboms) io.out(`${path}\n`);
  return 0;
}
