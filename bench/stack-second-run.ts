// A second run of a server with everything on it: clincher beside the floor, which is the scripts of its own probes.
import { probeScript, WarmConnection } from './floor.js';
import { type Spread, spread } from './numbers.js';
import type { Rig } from './rig.js';
import { converged } from './second-run.js';
import { lookFrom } from './stack-floor.js';

export interface StackSecondRun {
  checklists: number;
  clincherMs: Spread;
  floorMs: Spread;
  /** Of each round's pair. */
  beyondMs: Spread;
}

export async function stackSecondRun(rig: Rig, rounds: number): Promise<StackSecondRun> {
  const connection = await WarmConnection.open(rig.server);
  try {
    await converged(rig);
    const measured: { clincher: number; floor: number }[] = [];
    for (let n = 1; n <= rounds; n++) {
      const one = { clincher: await converged(rig), floor: await floor(rig, connection) };
      rig.say(`second run of a stack, round ${n} of ${rounds}: ${JSON.stringify(one)}`);
      measured.push(one);
    }
    return {
      checklists: CHECKLISTS.length,
      clincherMs: spread(measured.map(({ clincher }) => clincher)),
      floorMs: spread(measured.map(({ floor: ms }) => ms)),
      beyondMs: spread(measured.map(({ clincher, floor: ms }) => clincher - ms)),
    };
  } finally {
    connection.close();
  }
}

/** As provision goes through them on a server with Caddy. */
const CHECKLISTS = [
  'base',
  'harden.host',
  'stack',
  'harden.openclaw',
  'services',
  'proxy',
  'backup',
] as const;

async function floor({ server }: Rig, connection: WarmConnection): Promise<number> {
  let total = 0;
  for (const id of CHECKLISTS.slice(0, 5)) total += await connection.run(probeScript(server, id));
  total += await lookFrom(server, connection, 'verify.*');
  total += await connection.run(probeScript(server, 'proxy'));
  total += await lookFrom(server, connection, 'exposed.*');
  return total + (await connection.run(probeScript(server, 'backup')));
}
