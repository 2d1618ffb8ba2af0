// The runbooks that an operator may start, as data: what they are called, how dangerous they are, what they go through.
import type { Server } from '../model.js';
import { CONTROL_BOOKS } from './catalog-control.js';
import { LOOK_BOOKS } from './catalog-looks.js';
import { STANDBY_BOOKS } from './catalog-standby.js';

export interface Runbook {
  /** kebab-case; the workflow type is the same in camelCase. */
  name: string;
  title: string;
  /** It changes the host, so it takes the host's lock. */
  mutating: boolean;
  /** `ask`: one y/N after the plan; where nothing changes, after what it may cost. `severe`: the server's name must be typed. */
  danger: 'none' | 'ask' | 'severe';
  checklists: readonly string[];
  /** Of those checklists only these steps, whatever else differs. */
  only?: string;
  /** What it does besides its checklists: told before the question. */
  besides?: string;
  /** Its plan is a list of things that will be gone: each is shown, asked for or not. */
  lists?: true;
  /** It changes nothing that a plan looks at: what was seen of the server before still holds. */
  keepsState?: true;
  /** It only looks, and has no command of its own. */
  followed?: true;
  /** It takes no lock: it begins runs that do, each in its turn. */
  lockless?: true;
  /** It asks a gateway, or reads what one has written: on a standby or a monitor there is none. */
  needsGateway?: true;
  needsStandIn?: true;
}

/** In the place of a server's name, in a run over several. */
export const FLEET = 'fleet';

/** What the list of ways out is written by, and what takes it up. */
export const EGRESS_STEPS = 'stack.compose,stack.egress,stack.services';

/** Everything that the configuration says of a server. */
const EVERYTHING: readonly string[] = [
  ...['base', 'harden.host', 'harden.tailnet', 'stack', 'harden.openclaw', 'services', 'proxy'],
  ...['backup', 'metrics', 'monitoring'],
];

export const CATALOG: readonly Runbook[] = [
  {
    name: 'provision',
    title: 'From a server that nobody touched to a hardened host that runs a proved OpenClaw',
    mutating: true,
    danger: 'ask',
    checklists: EVERYTHING,
  },
  {
    name: 'recover',
    title: 'A server that is lost, made anew on a bare one from its configuration, the vault and a backup',
    mutating: true,
    danger: 'ask',
    checklists: EVERYTHING,
    besides:
      'The address in clincher.yaml is that of the new server. Before anything is restored you are asked from which backup, and whether the old server is gone.',
    needsGateway: true,
  },
  ...STANDBY_BOOKS,
  {
    name: 'harden',
    title: 'The protection of host and gateway again, on a server that is provisioned',
    mutating: true,
    danger: 'ask',
    checklists: ['harden.host', 'harden.openclaw'],
  },
  {
    name: 'backup',
    title: 'The server’s state as it is now, encrypted, and kept on the server',
    mutating: true,
    danger: 'ask',
    checklists: ['backup'],
    besides: 'Gateway and cache stand still while they are read: a second for a young server.',
    needsGateway: true,
  },
  {
    name: 'verify-backup',
    title: 'The newest backup, read to its end with the key from the vault',
    mutating: true,
    danger: 'ask',
    checklists: [],
    besides: 'The key of the backups goes to the server for as long as one is read.',
    keepsState: true,
    needsGateway: true,
  },
  {
    name: 'restore-drill',
    title:
      'The newest backup, restored beside the running stack, booted without a network, and asked what it knows',
    mutating: true,
    danger: 'ask',
    checklists: [],
    besides:
      'A second gateway runs beside the first for a minute, without a network; it needs 700 MiB of memory.',
    keepsState: true,
    needsGateway: true,
  },
  {
    name: 'upgrade',
    title:
      'Another version of an image (--image, --to): tried on a copy first, proved, watched; else rolled back',
    mutating: true,
    danger: 'ask',
    checklists: ['stack', 'harden.openclaw', 'services', 'proxy'],
    besides:
      'A backup is made and restored beside the running stack, where the new version has to start first. Then the service stops for as long as its start takes. The agent is asked one word before and after.',
    needsGateway: true,
  },
  {
    name: 'rotate-token',
    title: 'A new token of the gateway: proved to work, and the old one proved refused; else undone',
    mutating: true,
    danger: 'ask',
    checklists: ['stack', 'services'],
    besides:
      'The gateway is made anew: some seconds without an answer. Whoever logs in with the token needs the new one then.',
    needsGateway: true,
  },
  {
    name: 'rotate-key',
    title: 'A new value of one secret (--secret): made here or asked for, proved in use; else undone',
    mutating: true,
    danger: 'ask',
    checklists: ['stack', 'services'],
    besides:
      'The gateway and whoever takes the key are made anew: some seconds without an answer. A key of a model provider is proved by one small question to one of its models, which costs what they charge for a word.',
    needsGateway: true,
  },
  {
    name: 'egress',
    title: 'The list of ways out as clincher.yaml says it now: each asked before and after; else undone',
    mutating: true,
    danger: 'ask',
    checklists: ['stack', 'services'],
    only: EGRESS_STEPS,
    besides: 'The egress proxy is made anew: for a second or two nothing gets out.',
    needsGateway: true,
  },
  {
    name: 'rotate-backup-key',
    title: 'A new key of the backups: those that are there are encrypted anew for it, one at a time',
    mutating: true,
    danger: 'ask',
    checklists: ['backup'],
    besides:
      'A backup is made first. Then each one on the server is written anew and read to its end, which needs the room of one and takes as long as reading it twice; the keys are on the server meanwhile. Copies that you keep elsewhere open with the old key alone, which leaves the vault at the end: those of the server have to take their place.',
    needsGateway: true,
  },
  {
    name: 'rotate-ssh',
    title:
      'Another key of yours (--key) logs in: proved beside the old one, which is then taken out and refused',
    mutating: true,
    danger: 'ask',
    checklists: ['base'],
    only: 'base.authorized-keys',
    besides:
      'The key that clincher logs in with is replaced on the server and in clincher.yaml; other keys stay.',
  },
  {
    name: 'reboot',
    title:
      'A reboot where something asks for it (else --anyway): everything stops in its own time before, and is proved after',
    mutating: true,
    danger: 'ask',
    checklists: ['services', 'proxy'],
    besides:
      'Every container of the server stops, the gateway first, and the host reboots: people wait until the gateway is ready again. Where nothing asks for a reboot the run says so, and ends.',
  },
  {
    name: 'prune',
    title:
      'What nothing needs any more: images, stopped containers, build cache, copies that a verified backup has overtaken',
    mutating: true,
    danger: 'ask',
    checklists: ['prune'],
    lists: true,
    keepsState: true,
  },
  {
    name: 'memory',
    title:
      'The index of the memory, made anew where that is due (else --anyway) and proved; old conversations, where asked for',
    mutating: true,
    danger: 'ask',
    checklists: [],
    besides:
      'What is not in the cache is embedded again, which costs what the provider charges. Before 2026.8 a gateway that had the old index open is restarted: some seconds without an answer. Nothing is removed unless memory.keep_conversations_days is set, and then only after another question.',
    needsGateway: true,
  },
  {
    name: 'heal',
    title:
      'Each service that is not well is restarted; what that does not mend is made anew, where you say so',
    mutating: true,
    danger: 'ask',
    checklists: [],
    besides:
      'Only what does not run, or is unhealthy, is touched: a service that you have stopped yourself is started too.',
    keepsState: true,
    needsGateway: true,
  },
  {
    name: 'soak',
    title:
      'The first day after a deployment or a recovery, hour by hour as the guide has it, with a verdict at its end',
    mutating: true,
    lockless: true,
    danger: 'ask',
    checklists: [],
    besides:
      'It takes 24 hours; --detach leaves it alone. In the second it makes a backup and rotates the token: whoever logs in with it needs the new one then. At the end it drills.',
    keepsState: true,
    needsGateway: true,
  },
  ...CONTROL_BOOKS,
  {
    name: 'monitoring',
    title:
      'On a monitor: what watches the others, and tells you. On a server that is watched: the figures, and the door to them',
    mutating: true,
    danger: 'ask',
    checklists: ['base', 'harden.host', 'stack', 'services', 'metrics', 'monitoring'],
    besides: 'A server that is watched gets one more port, which the firewall opens for its monitor alone.',
  },
  {
    name: 'drift',
    title:
      'What differs from the configuration, each step a question: repair it, accept it until it changes, or leave it',
    mutating: true,
    danger: 'ask',
    checklists: EVERYTHING,
    besides:
      'Each step that differs is a question of its own; without an answer within a day it is left as it is.',
  },
  {
    name: 'drift-report',
    title: 'What differs, and what of it a person has accepted; asks nobody',
    mutating: false,
    danger: 'none',
    checklists: EVERYTHING,
  },
  ...LOOK_BOOKS,
  {
    name: 'smoke',
    title: 'One small question to each model, and one message to the agent',
    mutating: false,
    danger: 'ask',
    checklists: [],
    needsGateway: true,
  },
  {
    name: 'redteam',
    title: 'The guide’s seven attacks on the agent, and your own; each answer judged',
    mutating: false,
    danger: 'ask',
    checklists: [],
    needsGateway: true,
  },
];

export const findRunbook = (name: string): Runbook | undefined => CATALOG.find((book) => book.name === name);

/** Which servers have a checklist at all; every server has those that are not named here. */
const ONLY_ON: Readonly<Record<string, (server: Server) => boolean>> = {
  'harden.tailnet': ({ tailscale }) => tailscale.enabled,
  stack: hasStack,
  // On a standby its settings come with the backup that it goes on from.
  'harden.openclaw': (server) => hasStack(server) && !isStandIn(server),
  services: runsServices,
  backup: (server) => runsServices(server) || isStandIn(server),
  proxy: runsServices,
  prune: hasStack,
  metrics: (server) => isWatched(server) || isMonitor(server),
  monitoring: (server) => isMonitor(server),
  control: ({ role, control }) => role === 'monitor' && control !== undefined,
};

/** A standby has everything but the running services. */
export function hasStack({ role, stack }: Server): boolean {
  return role !== 'monitor' && stack.enabled;
}

/** As src/stack/watched.ts has it, which workflows cannot import. */
export const isWatched = ({ role, stack, monitoring }: Server): boolean =>
  role === 'primary' && stack.enabled && monitoring?.monitor !== undefined;

export const isMonitor = ({ role, watched }: Server): boolean => role === 'monitor' && watched !== undefined;

/** Whether there is a text that a person may have to read first. */
export const hasPins = ({ openclaw: { skills = [], personas = [] } }: Server): boolean =>
  skills.length + personas.length > 0;

export function runsServices(server: Server): boolean {
  return hasStack(server) && server.role === 'primary';
}

/** It is there to take a primary's place. */
export const isStandIn = ({ role, standby_for }: Server): boolean =>
  role === 'standby' && standby_for !== undefined;

/** Whether it wants to know which contents each image is to have. */
export const namesImages = ({ checklists }: Runbook): boolean =>
  checklists.some((id) => ['stack', 'services', 'prune', 'monitoring', 'control'].includes(id));

/** Checklists that a runbook goes through on this very server. */
export const checklistsOf = (book: Runbook, server: Server): string[] =>
  book.checklists.filter((id) => ONLY_ON[id]?.(server) ?? true);
