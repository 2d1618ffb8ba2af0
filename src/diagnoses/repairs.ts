// What mends a cause: a runbook that is there already, and the command that begins it.
import type { Repair, Server } from '../model.js';
import { heldSecrets } from '../stack/held-secrets.js';

type RepairOf = (server: Server) => Repair;

/** Whoever says so has read at the gate what a hand wrote and what takes its place. */
export const provision =
  (only: string): RepairOf =>
  ({ name }) => ({
    runbook: 'provision',
    input: { only, replaceEdited: true },
    command: `clincher run provision -s ${name} --only '${only}' --replace-edited`,
  });

/** These steps, as a provision would, without its proof: a diagnosis looks at everything again anyway. What opens a door wants the proof. */
export const converge =
  (only: string): RepairOf =>
  (server) => {
    const { input, ...rest } = provision(only)(server);
    return { ...rest, input: { ...input, isProvedLater: true } };
  };

/** Each is started, or started over. */
export const heal =
  (...services: string[]): RepairOf =>
  ({ name }) => ({
    runbook: 'heal',
    input: { services },
    command: `clincher run heal -s ${name}`,
  });

/** The gateway starts a channel that it holds back, and runs on. */
export const startChannel =
  (channel: string): RepairOf =>
  ({ name }) => ({
    runbook: 'heal',
    input: { channels: [channel] },
    command: `clincher exec ${name} --in openclaw -- openclaw gateway call channels.start --params '{"channel":"${channel}"}'`,
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
  asks: true,
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
      asks: true,
    };
  };
