// What mends a cause: a runbook that is there already, and the command that begins it.
import { onHost } from '../checks/define.js';
import type { Repair, Server } from '../model.js';
import { heldSecrets } from '../stack/held-secrets.js';

type RepairOf = (server: Server) => Repair;

/** These steps, as a provision would. Whoever says so has read at the gate what a hand wrote and what takes its place. */
export const converge =
  (only: string): RepairOf =>
  ({ name }) => ({
    runbook: 'provision',
    input: { only, replaceEdited: true },
    command: `clincher run provision -s ${name} --only '${only}' --replace-edited`,
  });

/** One service is started, or started over. */
export const heal =
  (service: string): RepairOf =>
  ({ name }) => ({
    runbook: 'heal',
    input: { services: [service] },
    command: `clincher run heal -s ${name}`,
  });

/** One that looks well is started over: what it holds back it gives up at a start. */
export const startOver =
  (service: string, container: string): RepairOf =>
  (server) => ({
    runbook: 'heal',
    input: { services: [service], anyway: true },
    command: onHost(server, `docker restart ${container}`),
  });

export const indexMemory: RepairOf = ({ name }) => ({
  runbook: 'memory',
  input: { anyway: true },
  command: `clincher run memory -s ${name} --anyway`,
});

export const makeRoom: RepairOf = ({ name }) => ({
  runbook: 'prune',
  input: {},
  command: `clincher run prune -s ${name}`,
});

/** A new value of a secret in the vault, by its key in clincher.yaml; what comes from elsewhere is changed there. */
export const rotate =
  (path: string) =>
  (server: Server): Repair | undefined => {
    const held = heldSecrets(server).find((each) => each.path === path);
    if (!held?.ref.startsWith('secret://')) return undefined;
    return {
      runbook: 'rotate-key',
      input: { given: { ref: held.ref, isExposing: held.isExposing === true } },
      command: `clincher run rotate-key -s ${server.name} --secret ${path}`,
    };
  };
