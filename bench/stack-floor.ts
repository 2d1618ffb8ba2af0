// The readings of checks with nothing of clincher around them: the host's script on a warm connection, the look from outside beside it.
import { hostReads, outsideReads } from '../src/activities/prove.js';
import { readHere } from '../src/activities/readings.js';
import { render, surveyScript } from '../src/activities/script.js';
import type { Server } from '../src/model.js';
import type { WarmConnection } from './floor.js';

/** Milliseconds until both have answered. */
export async function lookFrom(server: Server, connection: WarmConnection, only: string): Promise<number> {
  const began = performance.now();
  const script = surveyScript(hostReads(server, only).map(render), 'b3nc4');
  await Promise.all([connection.run(script), ...outsideReads(server, only).map(readHere)]);
  return performance.now() - began;
}
