// The read-only runbooks: they take no lock and change nothing.
import { setHandler, workflowInfo } from '@temporalio/workflow';
import type { Proof, RunInput, RunState, Server, Survey } from '../model.js';
import { reads, slowReads } from './activities.js';
import { elapsedMs } from './elapsed.js';
import { countRun } from './figures.js';
import { progressQuery, speakable } from './messages.js';
import { gatewaysOf } from './partitions.js';
import { sized } from './sized.js';
import { addProof, addSurvey, iso, newState, recount, runError } from './state.js';
import { traceRun } from './traces.js';

export interface LookInput extends RunInput {
  checklists: string[];
  /** Of this partition alone, where a checklist is of gateways. */
  partition?: string | undefined;
  /** Absent: states alone are looked at, as runs did before there were checks. */
  prove?: { outside?: Server | undefined } | undefined;
}

/** What a run would change. */
export const plan = (input: LookInput): Promise<RunState> => surveyAll(input, 'plan');

/** That nothing would change, and that the parts do together what they are there for. */
export const verify = (input: LookInput): Promise<RunState> => surveyAll(input, 'verify');

async function surveyAll(input: LookInput, runbook: string): Promise<RunState> {
  return record(input, runbook, async (state) => {
    const seen = { ...input, server: await sized(input.server) };
    const [surveys, proof] = await Promise.all([surveysOf(seen), proofOf(seen)]);
    state.surveys = surveys;
    for (const survey of surveys) addSurvey(state, survey, labelOf(survey));
    if (proof) {
      state.proof = proof;
      if (proof.backups) state.backups = proof.backups;
      addProof(state, proof);
    }
    state.remoteMs = elapsedMs([...surveys.flatMap(({ remote }) => remote), ...(proof?.remote ?? [])]);
  });
}

const labelOf = ({ partition }: Survey): string => (partition === undefined ? '' : `${partition}: `);

/** Of a server, and of each of its partitions. */
export function surveysOf({ server, only, from, checklists, partition }: LookInput): Promise<Survey[]> {
  const asked = checklists.flatMap((checklist) =>
    gatewaysOf(server, checklist, partition).map((view) => ({ server: view, checklist, only, from })),
  );
  return Promise.all(
    asked.map((input) => reads.survey.executeWithOptions({ summary: `survey ${input.checklist}` }, [input])),
  );
}

async function proofOf({ server, only, prove }: LookInput): Promise<Proof | undefined> {
  if (prove === undefined) return undefined;
  const input = { server, only, outside: prove.outside };
  return slowReads.prove.executeWithOptions({ summary: 'prove' }, [input]);
}

/** Can we reach the host, become root there, and is it fit. */
export const doctor = (input: RunInput): Promise<RunState> =>
  record(input, 'doctor', async (state) => {
    state.groups.push({ name: 'doctor', steps: await reads.examine({ server: input.server }) });
  });

/** What a host that was set up by hand has. */
export const discover = (input: RunInput): Promise<RunState> =>
  record(input, 'discover', async (state) => {
    const { discovered, remote } = await reads.discover({ server: input.server });
    state.discovered = discovered;
    state.remoteMs = elapsedMs(remote);
  });

/** Who waits to be let in. */
export const pairingRequests = (input: RunInput): Promise<RunState> =>
  record(input, 'pairing-requests', async (state) => {
    const { now, remote } = await reads.pairing({ server: input.server });
    state.pairing = now;
    state.remoteMs = elapsedMs(remote);
  });

/** Which copies of them there are elsewhere. */
export const offsiteList = (input: RunInput): Promise<RunState> =>
  record(input, 'offsite-list', async (state) => {
    const { backups, offsite, remote } = await slowReads.listCopies({ server: input.server });
    Object.assign(state, { backups, offsite, remoteMs: elapsedMs(remote) });
  });

/** Which backups there are, and how the drills went. */
export const backupList = (input: RunInput): Promise<RunState> =>
  record(input, 'backup-list', async (state) => {
    const { backups, drills, remote } = await reads.listBackups({ server: input.server });
    Object.assign(state, { backups, drills });
    state.remoteMs = elapsedMs(remote);
  });

/** Whether alerts arrive: each channel is a step. */
export const alertsTest = (input: RunInput): Promise<RunState> =>
  record(input, 'alerts-test', async (state) => {
    const { server, who } = input;
    state.groups.push({ name: 'alerts', steps: await reads.tryChannels({ server, who }) });
  });

export async function record(
  input: RunInput,
  runbook: string,
  work: (state: RunState) => Promise<void>,
): Promise<RunState> {
  const state = newState(
    input,
    speakable(input.server.name, workflowInfo().firstExecutionRunId),
    runbook,
    Date.now(),
  );
  setHandler(progressQuery, () => state);
  try {
    await work(state);
    state.status = 'done';
  } catch (error) {
    state.status = 'failed';
    state.error = runError(error);
    throw error;
  } finally {
    state.endedAt = iso(Date.now());
    recount(state);
    countRun(state);
    traceRun(state);
  }
  return state;
}
