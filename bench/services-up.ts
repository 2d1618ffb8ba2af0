// From a host that has everything but running services to five healthy ones: clincher beside compose, for the same files.
import { type Spread, spread } from './numbers.js';
import { onHost } from './on-host.js';
import type { ProvisionJson, Rig } from './rig.js';

export interface ServicesUp {
  /** From the run's start to the end of the step: every survey before it, and the preflight. */
  runMs: Spread;
  /** The step alone. */
  stepMs: Spread;
  composeMs: Spread;
  /** Of each round's pair. */
  ratio: Spread;
  stepRatio: Spread;
}

const CORE = 'openclaw litellm redis openclaw-egress docker-proxy';

export async function servicesUp(rig: Rig, rounds: number): Promise<ServicesUp> {
  const measured: { run: number; step: number; compose: number }[] = [];
  for (let n = 1; n <= rounds; n++) {
    const one = { ...(await byClincher(rig)), compose: await byCompose(rig) };
    rig.say(`services, round ${n} of ${rounds}: ${JSON.stringify(one)}`);
    measured.push(one);
  }
  await rig.provision();
  return {
    runMs: spread(measured.map(({ run }) => run)),
    stepMs: spread(measured.map(({ step }) => step)),
    composeMs: spread(measured.map(({ compose }) => compose)),
    ratio: spread(measured.map(({ run, compose }) => run / compose)),
    stepRatio: spread(measured.map(({ step, compose }) => step / compose)),
  };
}

const folder = ({ server }: Rig): string => server.stack.directory;

/** Containers go; networks, images, files and state stay. */
const down = (rig: Rig) => onHost(rig, `cd ${folder(rig)} && docker compose rm -sf >/dev/null 2>&1`);

async function byCompose(rig: Rig): Promise<number> {
  await down(rig);
  return (await onHost(rig, `cd ${folder(rig)} && docker compose up -d --wait ${CORE} >/dev/null`)).ms;
}

async function byClincher(rig: Rig): Promise<{ run: number; step: number }> {
  await down(rig);
  const { state } = await rig.provision();
  const step = state.steps.find(({ id }) => id === 'stack.services');
  if (step?.status !== 'changed') throw new Error(`stack.services is ${step?.status}`);
  return { run: endOf(step) - Date.parse(state.startedAt), step: step.durationMs ?? 0 };
}

const endOf = ({ startedAt = '', durationMs = 0 }: ProvisionJson['steps'][number]): number =>
  Date.parse(startedAt) + durationMs;
