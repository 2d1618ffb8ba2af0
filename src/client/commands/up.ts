// `clincher up`: the embedded control plane in the background, and at every boot when asked for.
import { ClincherError } from '../../errors.js';
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { tryConfig } from '../try-config.js';
import { document, print } from '../view/json.js';

export interface UpOptions {
  /** `--service` makes it true, `--no-service` false. */
  service?: boolean;
}

export const up: Command<UpOptions> = async (io, options) => {
  const say = (line: string): void => io.err(`${line}\n`);
  // The worker that is started here inherits what clincher.yaml says of it, as one that `run` starts does.
  const { applyConfig } = await import('../connect.js');
  applyConfig(tryConfig(io, options), io.env);
  const plane = await (await import('../../temporal/control-plane.js')).ensureUp({ say });
  if (plane.kind === 'external') {
    if (options.service !== undefined)
      throw new ClincherError(
        'USAGE',
        `Temporal at ${plane.address} is not ours (${plane.source}); there is nothing to keep up.`,
      );
    say('Its worker is yours to run: clincher worker');
  }
  if (options.service !== undefined) {
    const service = await import('../../temporal/service.js');
    await (options.service ? service.installService({ say }) : service.removeService({ say }));
  }
  if (isJson(options)) {
    io.out(print(document('up', { ...plane })));
    return 0;
  }
  io.out(`Temporal  ${plane.address}  namespace ${plane.namespace}  (${plane.source})\n`);
  if (plane.uiUrl) io.out(`web UI    ${plane.uiUrl}\n`);
  return 0;
};
