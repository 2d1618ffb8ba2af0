// Runs in the states that the views must show well: fixtures, all at the same invented noon.
import type { Gate, RunState, StepState, Survey } from '../../src/model.js';

export const NOON = Date.parse('2026-11-22T12:00:00Z');
const at = (seconds: number): string => new Date(NOON + seconds * 1000).toISOString();

export const step = (id: string, title: string, more: Partial<StepState> = {}): StepState => ({
  id,
  title,
  status: 'ok',
  changes: [],
  notes: [],
  ...more,
});

const done = (from: number, seconds: number, ...what: string[]): Partial<StepState> => ({
  status: what.length > 0 ? 'changed' : 'ok',
  startedAt: at(from),
  durationMs: seconds * 1000,
  changes: what.map((one) => ({ what: one })),
});

export const base = (): StepState[] => [
  step('base.user', 'The deploy user exists', done(1, 2, 'create user deploy')),
  step('base.sudo', 'The deploy user may become root'),
  step(
    'base.docker',
    'Docker is installed and runs',
    done(3, 40, 'install docker-ce', 'start docker.service'),
  ),
  step('base.ipv6', 'IPv6 is off', { status: 'skipped', notes: ['not asked for by the configuration'] }),
];

export const empty: RunState = {
  run: 'prod-3f2a',
  server: 'prod',
  runbook: 'provision',
  address: '203.0.113.7',
  startedAt: at(0),
  status: 'running',
  groups: [],
  gates: [],
  outcome: { ok: 0, changed: 0, skipped: 0, failed: 0, unreachable: 0 },
  who: 'ada@laptop',
  remoteMs: 0,
  surveys: [],
};

export const running: RunState = {
  ...empty,
  host: {
    os: { id: 'debian', version: '13', codename: 'trixie' },
    arch: 'amd64',
    via: { user: 'root', port: 22 },
  },
  groups: [
    { name: 'base', steps: base() },
    {
      name: 'harden.host',
      steps: [
        step(
          'harden.firewall',
          'The firewall drops what no rule admits',
          done(44, 4, 'allow 443/tcp', 'deny 8080/tcp'),
        ),
        step('harden.web-ports', 'The web ports admit their proxy alone', {
          status: 'running',
          startedAt: at(48),
        }),
        step('harden.docker-user', 'Ports that containers publish obey the firewall', { status: 'pending' }),
        step('harden.fail2ban', 'Addresses that fail to log in are banned', { status: 'pending' }),
      ],
    },
  ],
  outcome: { ok: 1, changed: 3, skipped: 1, failed: 0, unreachable: 0 },
};

export const tokenGate: Gate = {
  id: 'telegram-token',
  kind: 'secret',
  title: 'Paste the token BotFather gave you',
  instructions: ['In Telegram open @BotFather and send /newbot', 'Copy the token it prints'],
  links: ['https://t.me/BotFather'],
  options: [],
  ref: 'secret://prod/telegram_bot_token',
  shape: 'telegram-bot-token',
  openedAt: at(60),
};

export const confirmGate: Gate = {
  id: 'reboot-now',
  kind: 'confirm',
  title: 'Reboot the server now?',
  instructions: [],
  links: [],
  options: ['yes', 'no'],
  openedAt: at(30),
  deadline: at(3600),
  onTimeout: 'no',
};

export const waiting: RunState = {
  ...running,
  status: 'waiting',
  groups: [{ name: 'base', steps: base() }],
  gates: [tokenGate],
  sealTo: 'age1example',
  outcome: { ok: 1, changed: 2, skipped: 1, failed: 0, unreachable: 0 },
};

export const failedGate: Gate = {
  id: 'failed:harden.sshd',
  kind: 'failed',
  title: 'SSH accepts keys only failed: what now?',
  instructions: [],
  links: [],
  options: ['retry', 'skip', 'abort'],
  openedAt: at(50),
};

const failedStep = step('harden.sshd', 'SSH accepts keys only', {
  status: 'failed',
  startedAt: at(44),
  durationMs: 5_200,
  error: {
    code: 'STEP_FAILED',
    message: 'sshd -t refused the new configuration',
    // What a hostile host might say: it must never reach the terminal as it is.
    evidence: [
      '/etc/ssh/sshd_config.d/00-clincher.conf line 3: Bad option \u001b[2J\u001b]0;owned\u0007',
      'a\u202eb',
    ],
  },
});

export const atFailure: RunState = {
  ...running,
  status: 'waiting',
  groups: [
    { name: 'base', steps: base() },
    {
      name: 'harden.host',
      steps: [failedStep, step('harden.fail2ban', 'Addresses are banned', { status: 'pending' })],
    },
  ],
  gates: [failedGate],
  outcome: { ok: 1, changed: 2, skipped: 1, failed: 1, unreachable: 0 },
};

export const ended: RunState = {
  ...running,
  status: 'done',
  endedAt: at(252),
  groups: [{ name: 'base', steps: base() }],
  outcome: { ok: 1, changed: 2, skipped: 1, failed: 0, unreachable: 0 },
  remoteMs: 250_000,
};

export const failed: RunState = {
  ...atFailure,
  status: 'failed',
  endedAt: at(70),
  gates: [],
  error: { code: 'STEP_FAILED', message: 'sshd -t refused the new configuration' },
};

export const unreachable: RunState = {
  ...empty,
  status: 'failed',
  endedAt: at(10),
  error: { code: 'UNREACHABLE', message: 'prod does not answer on 203.0.113.7 port 9922 or 22' },
};

export const survey: Survey = {
  checklist: 'harden.host',
  host: running.host!,
  remoteMs: 320,
  remote: [],
  roundTrips: 1,
  sealTo: 'age1example',
  missingSecrets: ['secret://prod/telegram_bot_token'],
  steps: [
    {
      id: 'harden.sshd',
      title: 'SSH accepts keys only',
      why: 'Password logins are tried thousands of times a day on any public address.',
      status: 'drift',
      changes: [
        {
          what: 'update /etc/ssh/sshd_config.d/00-clincher.conf',
          diff: {
            path: '/etc/ssh/sshd_config.d/00-clincher.conf',
            before: 'Port 22\nPasswordAuthentication yes\nX11Forwarding no\n',
            after: 'Port 22\nPasswordAuthentication no\nX11Forwarding no\n',
          },
        },
      ],
      notes: ['/etc/ssh/sshd_config.d/50-cloud-init.conf says otherwise, and loses'],
      assumed: [],
      guarded: true,
      after: [],
    },
    {
      id: 'harden.fail2ban',
      title: 'Addresses that fail to log in are banned',
      why: 'Slow guessing goes on for months.',
      status: 'drift',
      changes: [
        {
          what: 'create /etc/fail2ban/jail.d/clincher.local',
          diff: {
            path: '/etc/fail2ban/jail.d/clincher.local',
            before: '',
            after: '[sshd]\nenabled = true\n',
          },
        },
      ],
      notes: [],
      assumed: ['fail2ban-client'],
      guarded: false,
      after: [],
    },
    {
      id: 'harden.tailscale',
      title: 'Tailscale is installed and runs',
      why: '',
      status: 'skipped',
      changes: [],
      notes: [],
      assumed: [],
      guarded: false,
      after: [],
      reason: 'not asked for by the configuration',
    },
    {
      id: 'harden.dns',
      title: 'Names are resolved',
      why: '',
      status: 'unknown',
      changes: [],
      notes: [],
      assumed: [],
      guarded: false,
      after: [],
      reason: 'resolvectl gave no answer',
    },
    {
      id: 'harden.firewall',
      title: 'The firewall drops what no rule admits',
      why: '',
      status: 'ok',
      changes: [],
      notes: [],
      assumed: [],
      guarded: true,
      after: [],
    },
  ],
};

export const planned: RunState = { ...ended, runbook: 'plan', groups: [], surveys: [survey], remoteMs: 320 };

export const converged: RunState = {
  ...planned,
  surveys: [
    {
      ...survey,
      missingSecrets: [],
      steps: survey.steps.filter((one) => one.status === 'ok' || one.status === 'skipped'),
    },
  ],
};
