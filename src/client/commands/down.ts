// `clincher down`: stops what `up` started. Runs stay in their file and go on after the next `up`.
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { document, print } from '../view/json.js';

export const downAll: Command<object> = async (io, options) => {
  const { down } = await import('../../temporal/control-plane.js');
  const was = await down({ say: (line) => io.err(`${line}\n`) });
  if (isJson(options)) io.out(print(document('down', { stopped: was })));
  else
    io.out(
      was ? 'The control plane is down; runs wait until it is up again.\n' : 'Nothing of ours was running.\n',
    );
  return 0;
};
