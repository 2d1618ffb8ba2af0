// Second run against second run: clincher, the floor, pyinfra and Ansible in turn, round after round.
import { join } from 'node:path';
import { CHECKLISTS, floorMs, WarmConnection } from './floor.js';
import { type Spread, spread } from './numbers.js';
import { mustBeComplete } from './peers/correspondence.js';
import { ensurePeers, type Peers } from './peers/install.js';
import { PeerRuns } from './peers/peers.js';
import type { Rig } from './rig.js';

export interface Round {
  clincher: number;
  floor: number;
  pyinfra: number;
  ansible: number;
  ansibleByModule?: number;
}

export interface SecondRun {
  versions: Peers['versions'];
  rounds: Round[];
  /** Of each contender in milliseconds. */
  ms: Record<'clincher' | 'floor' | 'pyinfra' | 'ansible', Spread>;
  /** Of each round's pair. */
  ratios: Record<'ansible' | 'pyinfra' | 'floor', Spread>;
  /** How far clincher is above three times the floor, in each round. */
  aboveThreeFloorsMs: Spread;
  ansibleByModule: Spread;
}

/** The ufw module's own way of 23 rules is so slow that one round tells. */
const BY_MODULE_ROUNDS = 1;

export async function secondRun(rig: Rig, rounds: number): Promise<SecondRun> {
  mustBeComplete(CHECKLISTS);
  const peers = await ensurePeers(rig.say);
  const runs = await PeerRuns.prepare(peers, rig.host, rig.server, join(rig.folder, 'peers'));
  const connection = await WarmConnection.open(rig.server);
  try {
    rig.say('second run: one round of each to warm up');
    await round(rig, runs, connection);
    const measured: Round[] = [];
    for (let n = 1; n <= rounds; n++) {
      const result = await round(rig, runs, connection);
      if (n <= BY_MODULE_ROUNDS) result.ansibleByModule = await runs.ansible({ byModule: true });
      rig.say(`second run, round ${n} of ${rounds}: ${described(result)}`);
      measured.push(result);
    }
    return summary(peers, measured);
  } finally {
    connection.close();
  }
}

async function round(rig: Rig, peers: PeerRuns, connection: WarmConnection): Promise<Round> {
  const clincher = await converged(rig);
  const floor = await floorMs(connection, rig.server);
  const pyinfra = await peers.pyinfra();
  // Before and after the slow ones: whatever else the machine does hits all alike.
  const again = await converged(rig);
  const floorAgain = await floorMs(connection, rig.server);
  const ansible = await peers.ansible();
  return { clincher: (clincher + again) / 2, floor: (floor + floorAgain) / 2, pyinfra, ansible };
}

/** A run that changes anything would not be a second run. */
export async function converged(rig: Rig): Promise<number> {
  const { ms, state } = await rig.provision();
  const { changed, failed, unreachable } = state.outcome;
  if (changed + failed + unreachable > 0)
    throw new Error(`a second run is not converged: ${JSON.stringify(state.outcome)}`);
  return ms;
}

const described = (round: Round): string =>
  Object.entries(round)
    .map(([name, ms]) => `${name} ${(ms / 1000).toFixed(2)} s`)
    .join(', ');

function summary(peers: Peers, rounds: Round[]): SecondRun {
  const of = (name: 'clincher' | 'floor' | 'pyinfra' | 'ansible') =>
    spread(rounds.map((round) => round[name]));
  const ratio = (a: keyof Round, b: keyof Round) => spread(rounds.map((round) => round[a]! / round[b]!));
  return {
    versions: peers.versions,
    rounds,
    ms: { clincher: of('clincher'), floor: of('floor'), pyinfra: of('pyinfra'), ansible: of('ansible') },
    ratios: {
      ansible: ratio('ansible', 'clincher'),
      pyinfra: ratio('pyinfra', 'clincher'),
      floor: ratio('clincher', 'floor'),
    },
    aboveThreeFloorsMs: spread(rounds.map(({ clincher, floor }) => clincher - 3 * floor)),
    ansibleByModule: spread(rounds.flatMap(({ ansibleByModule: ms }) => ms ?? [])),
  };
}
