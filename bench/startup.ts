// Commands that answer by themselves: `--help`, and `status` with the control plane up.
import { type Spread, spread } from './numbers.js';
import type { Rig } from './rig.js';

export interface Startup {
  help: Spread;
  status: Spread;
}

const TIMES = 10;

export async function startup(rig: Rig): Promise<Startup> {
  const help: number[] = [];
  const status: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    help.push((await rig.clincher('--help')).ms);
    status.push((await rig.clincher('status')).ms);
  }
  const result = { help: spread(help), status: spread(status) };
  rig.say(
    `startup: --help ${Math.round(result.help.median)} ms, status ${Math.round(result.status.median)} ms`,
  );
  return result;
}
