// Ties the activities to what they are built on, and coded errors to Temporal's failures.

import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { ClincherError, ERRORS } from '../errors.js';
import type { Server } from '../model.js';
import { withoutExpired } from '../stack/egress-extras.js';
import { partitionOf } from '../stack/partitions.js';
import { adopt, seeOwner } from './adopt.js';
import { remind, tell, tryChannels } from './alerts.js';
import type { Activities } from './api.js';
import { readAudit, signAudit } from './audit.js';
import {
  checkBackup,
  drillBackup,
  fetchBackup,
  listBackups,
  makeBackup,
  pullCopies,
  recoverState,
  rewrapBackup,
} from './backups.js';
import { withBeat } from './beat.js';
import {
  adoptThere,
  carryOver,
  pauseSchedules,
  proveControl,
  resumeSchedules,
  seeControl,
} from './control.js';
import { converge } from './converge.js';
import type { Deps } from './deps.js';
import { diagnose } from './diagnose.js';
import { discover } from './discover.js';
import { askRecovered, noteRecovery, occupyStandby, vacateStandby } from './dr-drill.js';
import { acceptDrift, acceptedDrift } from './drift.js';
import { lookAtEgress, proveEgress, tryEgress } from './egress.js';
import { ensureSecrets } from './ensure-secrets.js';
import { examine } from './examine.js';
import {
  canReach,
  fenceByCommand,
  fenceHost,
  fenceWhenBack,
  isTokenRefused,
  retireState,
  unfenceHost,
} from './failover.js';
import { freeSpace } from './free-space.js';
import { findNew, proveGiven } from './given.js';
import { healService, seeUnwell, startChannel } from './heal.js';
import { tryLogin } from './login.js';
import { clearConversations, indexMemory, seeMemory, staleConversations } from './memory.js';
import { copyOffsite, listCopies } from './offsite.js';
import { decidePairing, pairing } from './pairing.js';
import { ownBot, removePartition } from './partition.js';
import { patiently } from './patiently.js';
import { pingOut } from './ping-out.js';
import { preflight, release } from './preflight.js';
import { prove } from './prove.js';
import { drainHost, rebootHost, seeBoot, settleReboot } from './reboot.js';
import { proveRotation } from './rotation.js';
import { scanImages } from './scan-images.js';
import { sight } from './sight.js';
import { sizeOf } from './size.js';
import { storeSecret } from './store-secret.js';
import { survey } from './survey.js';
import { attack, attacks, smoke, spent } from './trial.js';
import {
  endProbe,
  endTrial,
  holdState,
  planSwap,
  restoreState,
  restoreTrial,
  settleSwap,
  standingOf,
  tryImage,
} from './upgrade.js';
import { recordVetting, reviewPins } from './vetting.js';
import { probe, watch } from './watch.js';
import { watchServer } from './watchdog.js';

export function createActivities(deps: Deps): Activities {
  const { redact } = deps.secrets;
  return coded(
    {
      survey: (input) => withBeat(input.checklist, redact, (beat) => survey(deps, input, beat.signal)),
      converge: (input) => withBeat(input.step, redact, (beat) => converge(deps, input, beat)),
      preflight: (input) => withBeat('preflight', redact, (beat) => preflight(deps, input, beat)),
      release: (input) => release(deps, input),
      ensureSecrets: (input) => ensureSecrets(deps, input),
      storeSecret: (input) => storeSecret(deps, input),
      probe: (input) => withBeat(input.probe, redact, (beat) => probe(deps, input, beat)),
      watch: (input) => withBeat(input.probe, redact, (beat) => watch(deps, input, beat)),
      reviewPins: (input) => withBeat('vetting', redact, (beat) => reviewPins(deps, input, beat.signal)),
      recordVetting: (input) => withBeat('vetting', redact, () => recordVetting(deps, input)),
      prove: (input) =>
        withBeat('checks', redact, ({ signal }) =>
          patiently(deps, input.patienceMs ?? 0, () => prove(deps, input, signal), signal),
        ),
      beginRotation: ({ server, name }) => deps.secrets.beginRotation(name, server),
      endRotation: ({ server, name, keep }) => deps.secrets.endRotation(name, server, keep),
      proveRotation: (input) => withBeat('rotation', redact, (beat) => proveRotation(deps, input, beat)),
      lookAtEgress: (input) => withBeat('egress', redact, (beat) => lookAtEgress(deps, input, beat.signal)),
      tryEgress: (input) => withBeat(input.task, redact, (beat) => tryEgress(deps, input, beat)),
      proveEgress: (input) => withBeat('egress', redact, (beat) => proveEgress(deps, input, beat)),
      findNew: (input) => findNew(deps, input),
      takeNew: ({ server, ref }) => deps.secrets.takeNext(ref, server),
      endGiven: ({ server, ref, keep }) => deps.secrets.settle(ref, server, keep),
      proveGiven: (input) => withBeat('rotation', redact, (beat) => proveGiven(deps, input, beat)),
      listBackups: (input) => withBeat('backups', redact, (beat) => listBackups(deps, input, beat.signal)),
      listCopies: (input) => withBeat('copies', redact, (beat) => listCopies(deps, input, beat.signal)),
      makeBackup: (input) => withBeat(input.task, redact, (beat) => makeBackup(deps, input, beat)),
      copyOffsite: (input) => withBeat(input.task, redact, (beat) => copyOffsite(deps, input, beat)),
      checkBackup: (input) => withBeat(input.task, redact, (beat) => checkBackup(deps, input, beat)),
      rewrapBackup: (input) => withBeat(input.task, redact, (beat) => rewrapBackup(deps, input, beat)),
      drillBackup: (input) => withBeat(input.task, redact, (beat) => drillBackup(deps, input, beat)),
      planSwap: (input) => withBeat('images', redact, (beat) => planSwap(deps, input, beat.signal)),
      restoreTrial: (input) => withBeat(input.task, redact, (beat) => restoreTrial(deps, input, beat)),
      tryImage: (input) => withBeat(input.task, redact, (beat) => tryImage(deps, input, beat)),
      endTrial: (input) => withBeat('trial', redact, () => endTrial(deps, input)),
      holdState: (input) => withBeat(input.task, redact, (beat) => holdState(deps, input, beat)),
      restoreState: (input) => withBeat(input.task, redact, (beat) => restoreState(deps, input, beat)),
      settleSwap: (input) => withBeat(input.task, redact, (beat) => settleSwap(deps, input, beat)),
      standingOf: (input) => withBeat(input.task, redact, (beat) => standingOf(deps, input, beat.signal)),
      endProbe: (input) => withBeat(input.task, redact, () => endProbe(deps, input)),
      tryLogin: (input) => withBeat('login', redact, () => tryLogin(deps, input)),
      scanImages: (input) => withBeat('trivy', redact, (beat) => scanImages(deps, input, beat.signal)),
      acceptedDrift: (input) => withBeat('drift', redact, (beat) => acceptedDrift(deps, input, beat.signal)),
      acceptDrift: (input) => withBeat('drift', redact, () => acceptDrift(deps, input)),
      freeSpace: (input) => withBeat('free', redact, (beat) => freeSpace(deps, input, beat.signal)),
      seeBoot: (input) => withBeat('boot', redact, (beat) => seeBoot(deps, input, beat.signal)),
      drainHost: (input) => withBeat(input.task, redact, (beat) => drainHost(deps, input, beat)),
      rebootHost: (input) => withBeat(input.task, redact, (beat) => rebootHost(deps, input, beat)),
      settleReboot: (input) => withBeat(input.task, redact, (beat) => settleReboot(deps, input, beat)),
      seeMemory: (input) => withBeat('memory', redact, (beat) => seeMemory(deps, input, beat.signal)),
      indexMemory: (input) => withBeat(input.task, redact, (beat) => indexMemory(deps, input, beat)),
      staleConversations: (input) =>
        withBeat('conversations', redact, (beat) => staleConversations(deps, input, beat.signal)),
      clearConversations: (input) =>
        withBeat(input.task, redact, (beat) => clearConversations(deps, input, beat)),
      readAudit: (input) => withBeat('audit', redact, (beat) => readAudit(deps, input, beat.signal)),
      signAudit: (input) => signAudit(deps, input),
      seeOwner: (input) => withBeat('owner', redact, (beat) => seeOwner(deps, input, beat.signal)),
      adopt: (input) => withBeat(input.task, redact, () => adopt(deps, input)),
      smoke: (input) => withBeat('smoke', redact, (beat) => smoke(deps, input, beat.signal)),
      attacks: (input) => withBeat('attacks', redact, (beat) => attacks(deps, input, beat.signal)),
      attack: (input) => withBeat(input.trial.id, redact, (beat) => attack(deps, input, beat.signal)),
      spent: (input) => withBeat('spent', redact, () => spent(deps, input)),
      examine: (input) => withBeat('doctor', redact, (beat) => examine(deps, input.server, beat.signal)),
      discover: (input) => withBeat('discovery', redact, (beat) => discover(deps, input, beat.signal)),
      pairing: (input) => withBeat('pairing', redact, (beat) => pairing(deps, input, beat.signal)),
      decidePairing: (input) => withBeat('pairing', redact, (beat) => decidePairing(deps, input, beat)),
      sizeOf: (input) => withBeat('size', redact, (beat) => sizeOf(deps, input, beat.signal)),
      ownBot: (input) => ownBot(deps, input),
      removePartition: (input) => withBeat(input.task, redact, (beat) => removePartition(deps, input, beat)),
      fetchBackup: (input) => withBeat(input.task, redact, (beat) => fetchBackup(deps, input, beat)),
      occupyStandby: (input) => withBeat(input.task, redact, (beat) => occupyStandby(deps, input, beat)),
      askRecovered: (input) =>
        withBeat('recovered', redact, (beat) => askRecovered(deps, input, beat.signal)),
      vacateStandby: (input) => withBeat(input.task, redact, (beat) => vacateStandby(deps, input, beat)),
      noteRecovery: (input) => withBeat('drills', redact, (beat) => noteRecovery(deps, input, beat.signal)),
      recoverState: (input) => withBeat(input.task, redact, (beat) => recoverState(deps, input, beat)),
      sight: (input) => withBeat('sight', redact, (beat) => sight(deps, input, beat.signal)),
      canReach: (input) => withBeat('reach', redact, (beat) => canReach(deps, input, beat)),
      fenceHost: (input) => withBeat(input.task, redact, (beat) => fenceHost(deps, input, beat)),
      unfenceHost: (input) => withBeat(input.task, redact, (beat) => unfenceHost(deps, input, beat)),
      fenceByCommand: (input) => withBeat('fence', redact, () => fenceByCommand(deps, input)),
      fenceWhenBack: (input) => withBeat(input.task, redact, (beat) => fenceWhenBack(deps, input, beat)),
      isTokenRefused: (input) => withBeat('telegram', redact, () => isTokenRefused(deps, input)),
      pullCopies: (input) => withBeat(input.task, redact, (beat) => pullCopies(deps, input, beat)),
      retireState: (input) => withBeat(input.task, redact, (beat) => retireState(deps, input, beat)),
      tell: (input) => withBeat('alert', redact, () => tell(deps, input)),
      tryChannels: (input) => withBeat('alerts', redact, () => tryChannels(deps, input)),
      remind: (input) => remind(deps, input),
      watchServer: (input) => withBeat('watchdog', redact, ({ signal }) => watchServer(deps, input, signal)),
      diagnose: (input) => withBeat('diagnose', redact, ({ signal }) => diagnose(deps, input, signal)),
      pingOut: (input) => withBeat('ping', redact, () => pingOut(deps, input)),
      seeUnwell: (input) => withBeat('heal', redact, ({ signal }) => seeUnwell(deps, input, signal)),
      seeControl: (input) => withBeat('control', redact, ({ signal }) => seeControl(deps, input, signal)),
      pauseSchedules: (input) => withBeat(input.task, redact, () => pauseSchedules(deps, input)),
      carryOver: (input) => withBeat(input.task, redact, (beat) => carryOver(deps, input, beat)),
      proveControl: (input) => withBeat(input.task, redact, (beat) => proveControl(deps, input, beat)),
      adoptThere: (input) => withBeat(input.task, redact, (beat) => adoptThere(deps, input, beat)),
      resumeSchedules: (input) =>
        withBeat(input.task, redact, ({ signal }) => resumeSchedules(deps, input, signal)),
      healService: (input) => withBeat(input.task, redact, (beat) => healService(deps, input, beat)),
      startChannel: (input) => withBeat(input.task, redact, (beat) => startChannel(deps, input, beat)),
    },
    deps,
  );
}

/**
 * Every activity throws coded failures only: the code is the failure's type, evidence and remedy are its details. Each
 * knows the server without what has expired (ADR 9).
 */
function coded(activities: Activities, { now, secrets: { redact } }: Deps): Activities {
  const entries = Object.entries(activities).map(([name, run]) => [
    name,
    async (input: never) =>
      (run as (input: unknown) => Promise<unknown>)(asOfNow(input, now())).catch((error: unknown) => {
        throw failure(error, redact);
      }),
  ]);
  return Object.fromEntries(entries) as Activities;
}

/** Here and nowhere else: a schedule's configuration may be a year old, and a run may have waited for a week. */
const asOfNow = (input: { server: Server }, now: number): { server: Server } => ({
  ...input,
  server: asPartition(withoutExpired(input.server, now)),
});

/** A run says which partition it means; what that is follows from the server, here and nowhere else (ADR 17). */
const asPartition = (server: Server): Server =>
  server.stack.partition === undefined ? server : partitionOf(server, server.stack.partition);

function failure(error: unknown, redact: (text: string) => string): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  const known =
    error instanceof ClincherError
      ? error
      : new ClincherError('INTERNAL', error instanceof Error ? error.message : String(error), {
          cause: error,
        });
  return ApplicationFailure.create({
    type: known.code,
    message: redact(known.message),
    nonRetryable: !ERRORS[known.code].retryable,
    details: [{ evidence: known.evidence.map(redact), remedy: known.remedy }],
    ...(known.code === 'INTERNAL' && known.cause instanceof Error ? { cause: known.cause } : {}),
  });
}
