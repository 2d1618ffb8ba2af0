// `npm run record`: histories of every runbook on its typical ways, for replay by all later code. Run at each release.
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import type {
  Cause,
  CheckResult,
  FleetInput,
  PairingRequest,
  PlannedSchedule,
  RunInput,
} from '../../src/model.js';
import { projectRoot } from '../../src/temporal/paths.js';
import type { PairingInput } from '../../src/workflows/pairing.js';
import { partitioned } from '../fixture-partitions.js';
import { fixtureServer } from '../fixture-server.js';
import {
  type Fakes,
  failing,
  fakes,
  forever,
  generationOf,
  input,
  plan,
  type Story,
  stackInput,
  survey,
  useStage,
} from './harness.js';
import { HISTORIES } from './histories.js';
import { SWAP } from './swap.js';

const stage = useStage();

async function record(
  name: string,
  workflow: string,
  set: Fakes,
  act: (story: Story) => Promise<unknown>,
  start: RunInput,
): Promise<void> {
  await stage.tell(
    workflow,
    set,
    async (story) => {
      await act(story).catch(() => {});
      const history = await story.handle.fetchHistory();
      mkdirSync(HISTORIES, { recursive: true });
      writeFileSync(
        `${HISTORIES}/${name}@${manifest.version}.json`,
        `${withoutPaths(historyToJSON(history))}\n`,
      );
    },
    start,
  );
}

/** Stack traces name the folder that they were recorded in, which is nobody's business. */
const withoutPaths = (json: string): string => json.replaceAll(projectRoot(), '.');

const start = (telegram = false, tailscale = false): RunInput => {
  const made = input();
  made.server.channels.telegram.enabled = telegram;
  made.server.tailscale.enabled = tailscale;
  return made;
};
const drift = {
  survey: async ({ checklist }: { checklist: string }) =>
    survey(
      checklist,
      [
        plan(`${checklist}.a`, 'drift'),
        plan(`${checklist}.b`, 'drift'),
        plan(`${checklist}.c`, 'drift', [`${checklist}.a`]),
      ],
      ['secret://lab/telegram_bot_token'],
    ),
};
const end = (story: Story) => story.handle.result();

const shared = (): RunInput =>
  stackInput({ onFailure: 'ask', server: partitioned({ channels: { telegram: { enabled: true } } }) });

it('partition that is added', () => {
  const set = fakes({
    survey: async ({ checklist }) => survey(checklist, [plan(`${checklist}.a`, 'drift')]),
  });
  const start = { ...shared(), partition: 'team', act: 'add', isNew: true } as RunInput;
  return record('partition-add', 'partition', set, end, start);
});

it('partition that is removed', () => {
  const act = async (story: Story) => {
    await story.waiting('remove-partition');
    await story.answer('remove-partition', 'yes');
    await end(story);
  };
  return record('partition-remove', 'partition', fakes(), act, {
    ...shared(),
    partition: 'team',
    act: 'remove',
  } as RunInput);
});

it('provision of a server with partitions', () => {
  const set = fakes({ survey: async ({ checklist }) => survey(checklist, [plan(`${checklist}.a`)]) });
  return record('provision-partitions', 'provision', set, end, shared());
});

it('provision of a converged host', () =>
  record(
    'provision-converged',
    'provision',
    fakes({ survey: async ({ checklist }) => survey(checklist, [plan('x.a')]) }),
    end,
    start(),
  ));
it('provision of a bare host', () => record('provision-first', 'provision', fakes(drift), end, start()));
it('provision with a secret, refused once', () => {
  let tries = 0;
  const set = fakes({
    ...drift,
    storeSecret: async () =>
      ++tries === 1 ? { stored: false, reason: 'no' } : { stored: true, fingerprint: 'x' },
  });
  const act = async (story: Story) => {
    await story.waiting('telegram-token');
    await story.answer('telegram-token', '', { sealed: 'a' });
    await story.answer('telegram-token', '', { sealed: 'b' });
    await end(story);
  };
  return record('provision-secret', 'provision', set, act, start(true));
});
it('provision over a failed step: retry, then skip', () => {
  const set = fakes({
    ...drift,
    converge: async (asked) => {
      if (asked.step === 'base.a' && generationOf(asked) < 2) throw failing('STEP_FAILED');
      return { outcome: 'changed', changes: [], notes: [], remote: [], tail: [] };
    },
  });
  const act = async (story: Story) => {
    for (const answer of ['retry', 'skip']) {
      await story.waiting('failed:base.a');
      await story.answer('failed:base.a', answer);
    }
    await end(story);
  };
  return record('provision-failed-step', 'provision', set, act, start());
});
it('provision aborted at a failed step', () => {
  const set = fakes({ ...drift, converge: async () => Promise.reject(failing('STEP_FAILED')) });
  const act = async (story: Story) => {
    await story.waiting('failed:base.a');
    await story.answer('failed:base.a', 'abort');
    await end(story);
  };
  return record('provision-aborted', 'provision', set, act, start());
});
it('provision cancelled in a step', () => {
  const set = fakes({ ...drift, converge: forever });
  const act = async (story: Story) => {
    while (!set.calls.some((call) => call.startsWith('converge'))) await pause(20);
    await story.handle.cancel();
    await end(story);
  };
  return record('provision-cancelled', 'provision', set, act, start());
});
it('provision over a manual step that the world closes, after reminders', () => {
  let up = false;
  const set = fakes({
    ...drift,
    watch: async () => {
      while (!up) await pause(50);
      return { done: true };
    },
  });
  const act = async (story: Story) => {
    await story.waiting('tailscale-up');
    up = true;
    await end(story);
  };
  return record('provision-tailscale', 'provision', set, act, start(false, true));
});
it('provision that waits at a gate', () =>
  record(
    'provision-waiting',
    'provision',
    fakes(drift),
    (story) => story.waiting('telegram-token'),
    start(true),
  ));
it('harden', () => record('harden', 'harden', fakes(drift), end, start()));
it('plan', () =>
  record('plan', 'plan', fakes(drift), end, { ...start(), checklists: ['base', 'harden.host'] } as RunInput));
it('verify that cannot look', () =>
  record(
    'verify-failed',
    'verify',
    fakes({ survey: async () => Promise.reject(failing('UNREACHABLE')) }),
    end,
    { ...start(), checklists: ['base'] } as RunInput,
  ));
it('doctor', () => record('doctor', 'doctor', fakes(), end, start()));

it('one who waits is let in', () => {
  const request: PairingRequest = {
    ...{ id: 'K7QX2M9P', kind: 'person', channel: 'telegram', subject: '4242', name: 'ada', asks: [] },
    ...{ requestedAt: '2026-11-27T06:30:00.000Z', expiresAt: '2026-11-27T07:30:00.000Z' },
  };
  const from: PairingInput = { ...start(), decision: { act: 'approve', request } };
  return record('pairing-approve', 'pairing', fakes(), end, from);
});
it('a host that was set up by hand', () => record('discover', 'discover', fakes(), end, start()));
it('who waits', () => record('pairing-requests', 'pairingRequests', fakes(), end, start()));
it('a backup', () => record('backup', 'backup', fakes(drift), end, stackInput({ onFailure: 'abort' })));
it('a backup that is read', () => record('verify-backup', 'verifyBackup', fakes(), end, start()));
it('copies elsewhere', () => record('offsite-list', 'offsiteList', fakes(), end, start()));
it('a drill', () => record('restore-drill', 'restoreDrill', fakes(), end, start()));
it('a drill of a whole recovery', () => {
  const copies = [{ id: '20261127T030000Z', isWhole: true, isHere: false }];
  const set = fakes({
    ...drift,
    listCopies: async () => ({ backups: [], offsite: { where: 'far', copies }, remote: [] }),
  });
  const from = stackInput({ onFailure: 'abort' });
  Object.assign(from.server, { role: 'standby', standby_for: 'prod' });
  from.server.backup = { ...from.server.backup, offsite: { type: 's3' } as never };
  return record('dr-drill', 'drDrill', set, end, from);
});
it('the models are asked', () => record('smoke', 'smoke', fakes(), end, start()));
it('the agent is attacked', () => {
  const trial = { id: 'redteam.dan', title: 'DAN', attack: 'dan', model: 'local/large' };
  const check: CheckResult = {
    ...{ id: trial.id, title: trial.title, why: '', source: 'guide', vantage: 'host' },
    ...{ verdict: 'pass', evidence: [], remedy: [] },
  };
  const set = fakes({
    attacks: async () => ({ trials: [trial], spentUsd: 0 }),
    attack: async () => ({ check, remote: [] }),
  });
  return record('redteam', 'redteam', set, end, start());
});
it('a token that is rotated', () =>
  record('rotate-token', 'rotateToken', fakes(drift), end, stackInput({ onFailure: 'abort' })));
const upgrading = (more: Parameters<typeof fakes>[0] = {}): Fakes =>
  fakes({ ...drift, planSwap: async () => ({ swap: SWAP, remote: [] }), ...more });
const watchedShortly = (): RunInput => {
  const made = stackInput({ onFailure: 'abort' });
  made.server.upgrade.watch_minutes = 1;
  return made;
};
it('an upgrade', () => record('upgrade', 'upgrade', upgrading(), end, watchedShortly()));
it('an upgrade that is rolled back', () => {
  const set = upgrading({ holdState: () => Promise.reject(failing('STEP_FAILED')) });
  return record('upgrade-rolled-back', 'upgrade', set, end, watchedShortly());
});
it('a way out that is opened', () => {
  const look = { domains: [], extras: [], said: {}, remote: [] };
  const set = fakes({ ...drift, lookAtEgress: async () => ({ ...look, differs: true }) });
  return record('egress', 'egress', set, end, stackInput({ onFailure: 'abort' }));
});
it('a key of a provider that is rotated', () => {
  const given = { ref: 'secret://lab/anthropic_api_key', isExposing: false };
  const from = { ...stackInput({ onFailure: 'abort' }), given } as RunInput;
  const act = async (story: Story): Promise<unknown> => {
    await story.waiting('new-anthropic-api-key');
    await story.answer('new-anthropic-api-key', '', { sealed: 'age-sealed' });
    return end(story);
  };
  return record('rotate-key-given', 'rotateKey', fakes(drift), act, from);
});
it('a key of backups that is rotated', () => {
  const backups = [{ id: '20261126T030000Z' }, { id: '20261127T030000Z' }];
  const set = fakes({ ...drift, listBackups: async () => ({ backups, remote: [] }) });
  return record('rotate-backup-key', 'rotateBackupKey', set, end, stackInput({ onFailure: 'abort' }));
});
it('a key of SSH that gives way to another', () => {
  const [from, to] = [{ line: 'ssh-ed25519 AAAAold' }, { line: 'ssh-ed25519 AAAAnext' }];
  const keys = { from, to, lines: [from.line] };
  const begun = { ...input({ onFailure: 'abort' }), keys };
  return record('rotate-ssh', 'rotateSsh', fakes(drift), end, begun);
});
it('services that are not well', () => {
  let isWell = false;
  const litellm = { service: 'litellm', container: 'openclaw-litellm', how: 'is unhealthy' };
  const set = fakes({
    seeUnwell: async () => ({ unwell: isWell ? [] : [litellm], remote: [] }),
    healService: async ({ anew }) => {
      isWell = anew;
      return { healed: anew, changes: [{ what: 'x' }], remote: [] };
    },
  });
  const act = async (story: Story): Promise<unknown> => {
    await story.waiting('anew-litellm');
    await story.answer('anew-litellm', 'yes');
    return end(story);
  };
  return record('heal', 'heal', set, act, stackInput({ onFailure: 'abort' }));
});
it('a diagnosis, and a repair that helps', () => {
  let looks = 0;
  const found: Cause = {
    ...{
      id: 'redis-down',
      diagnosis: 'diagnose.redis',
      symptom: 'Redis is not reached',
      title: 'it is down',
    },
    ...{ weight: 3, evidence: ['redis is exited'], changes: [], byHand: [] },
    repair: { runbook: 'heal', input: { services: ['redis'] }, command: 'clincher run heal -s lab' },
  };
  const set = fakes({
    diagnose: async () => ({ causes: looks++ === 0 ? [found] : [], checks: [], outside: 'here', remote: [] }),
  });
  const act = async (story: Story): Promise<unknown> => {
    await story.waiting('repair');
    await story.answer('repair', 'redis-down');
    return end(story);
  };
  return record('diagnose', 'diagnose', set, act, stackInput());
});
it('a look of the watchdog by hand', () => record('watchdog', 'watchdog', fakes(), end, stackInput()));
it('a look of the watchdog by its schedule', () => {
  const symptom = {
    key: 'watch.disk:/',
    about: '/',
    level: 'warning' as const,
    text: '/ is full',
    remedy: [],
  };
  const set = fakes({
    watchServer: async () => ({ symptoms: [symptom], judged: [], checks: [], restarts: {}, remote: [] }),
  });
  const plan = planned();
  plan.input.server.alerts = {
    channels: [{ type: 'ntfy', url: 'https://ntfy.example/x', port: 587, to: [] }],
    gate_minutes: 10,
  };
  return record('watch', 'watch', set, end, { ...plan, starts: 'watch' } as never);
});
it('a lost server, from the newest copy', () => {
  const from = stackInput({ onFailure: 'abort' });
  from.server.backup = { ...from.server.backup, offsite: { type: 's3' } as never };
  const copies = [{ id: '20261127T030000Z', isWhole: true, isHere: false, bytes: 1 }];
  const set = fakes({
    listCopies: async () => ({ backups: [], offsite: { where: 'far', copies }, remote: [] }),
  });
  const act = async (story: Story): Promise<unknown> => {
    await story.waiting('recover-20261127t030000z');
    await story.answer('recover-20261127t030000z', 'yes');
    return end(story);
  };
  return record('recover', 'recover', set, act, from);
});
const moving = (runbook: 'failover' | 'failback', set: Fakes, answers: [string, string][]): Promise<void> => {
  const from = stackInput({ onFailure: 'abort' });
  from.server.backup = { ...from.server.backup, offsite: { type: 's3' } as never };
  const old = { ...structuredClone(from.server), address: 'old.example.com' };
  old.failover = { fence_timeout_seconds: 5 };
  const act = async (story: Story): Promise<unknown> => {
    for (const [gate, value] of answers) {
      await story.waiting(gate);
      await story.answer(gate, value);
    }
    return end(story);
  };
  return record(runbook, runbook, set, act, { ...from, old, vantages: [] } as never);
};
const withCopy = (reached: boolean): Fakes =>
  fakes({
    canReach: async () => reached,
    listCopies: async () => ({
      backups: [],
      offsite: { where: 'far', copies: [{ id: '20261127T030000Z', isWhole: true, isHere: false, bytes: 1 }] },
      remote: [],
    }),
  });
it('a failover from a server that is gone', () =>
  moving('failover', withCopy(false), [
    ['failover', 'yes'],
    ['fence', 'powered-off'],
  ]));
it('a failback', () => moving('failback', withCopy(true), [['failover', 'yes']]));
it('a standby is staged', () =>
  record('stage-standby', 'stageStandby', fakes(), end, stackInput({ onFailure: 'abort' })));
it('the first day', () => record('soak', 'soak', fakes(), end, stackInput({ onFailure: 'abort' })));
it('channels are tried', () => record('alerts-test', 'alertsTest', fakes(), end, stackInput()));
it('a reboot', () => record('reboot', 'reboot', fakes(), end, stackInput({ onFailure: 'abort' })));
it('a host that does not come back', () => {
  const set = fakes({ rebootHost: () => Promise.reject(failing('NOT_BACK')) });
  return record('reboot-not-back', 'reboot', set, end, stackInput({ onFailure: 'abort' }));
});
it('the index of the memory, after old conversations', () => {
  const from = stackInput({ onFailure: 'abort' });
  from.server.memory = { ...from.server.memory, enabled: true, keep_conversations_days: 90 };
  const found = ['prune-stale agent:main:cron:job1, last used 200d ago'];
  const set = fakes({ staleConversations: async () => ({ stale: { found, kept: 4 }, remote: [] }) });
  const act = async (story: Story): Promise<unknown> => {
    await story.waiting('conversations');
    await story.answer('conversations', 'remove');
    return end(story);
  };
  return record('memory', 'memory', set, act, from);
});
it('what nothing needs is removed', () =>
  record('prune', 'prune', fakes(drift), end, stackInput({ onFailure: 'abort' })));
it('a server is adopted', () =>
  record('adoption', 'adoption', fakes(), end, stackInput({ onFailure: 'abort', takeOver: 'it burned' })));

const tower = fixtureServer({ name: 'tower', role: 'monitor', watched: [] });
const move = {
  ...{
    servers: [tower, fixtureServer()],
    owner: '/home/you/clincher.yaml',
    config: 'version: 1\n',
    lock: '',
  },
  ...{ keys: [], recipients: ['age1you'] },
};
const handover = { ...input({ server: tower, onFailure: 'abort' }), move } as RunInput;

it('control-plane', () => record('control-plane', 'controlPlane', fakes(), end, handover));

it('control-plane not proved', () => {
  const check: CheckResult = {
    ...{ id: 'control.reach', title: '', why: '', source: '', vantage: 'host', verdict: 'fail' },
    ...{ evidence: [], remedy: [] },
  };
  const set = fakes({ proveControl: async () => ({ checks: [check], remote: [] }) });
  return record('control-plane-not-proved', 'controlPlane', set, end, handover);
});
it('what differs is decided', () => {
  const act = async (story: Story) => {
    for (const [id, answer] of [
      ['base.a', 'repair'],
      ['base.b', 'accept'],
      ['base.c', 'leave'],
    ] as const) {
      await story.waiting(`drift:${id}`);
      await story.answer(`drift:${id}`, answer);
    }
    await end(story);
  };
  return record('drift', 'drift', fakes(drift), act, { ...stackInput(), checklists: ['base'] } as RunInput);
});
it('what differs is told', () =>
  record('drift-report', 'driftReport', fakes(drift), end, { ...start(), checklists: ['base'] } as RunInput));
it('what trivy knows', () => record('scan-images', 'scanImages', fakes(), end, start()));
const planned = (): PlannedSchedule => ({
  ...{
    id: 'clincher/lab/schedule/verify-backup',
    server: 'lab',
    runbook: 'verify-backup',
    cron: '30 3 * * 0',
  },
  ...{ timezone: 'UTC', jitterSeconds: 0, catchupSeconds: 3600, patienceSeconds: 3600, readOnly: false },
  starts: 'scheduled',
  ...{ hash: '', input: stackInput({ who: 'schedule', onFailure: 'abort' }) },
});
const recordInTurn = (name: string, workflow: string): Promise<void> =>
  stage.busy((holder) => {
    const act = async (story: Story) => {
      await story.waits();
      await holder.terminate();
      await end(story);
    };
    return record(name, workflow, fakes(), act, planned() as never);
  });
it('what a schedule starts', () => record('scheduled', 'scheduled', fakes(), end, planned() as never));
it('what a schedule starts while somebody is at work', () => recordInTurn('scheduled-waits', 'scheduled'));
it('a run that waits its turn', () => recordInTurn('queued', 'queued'));
const fleetOf = (...names: string[]): FleetInput => ({
  ...{
    runbook: 'verify-backup',
    who: 'ada@desk',
    readOnly: false,
    wave: 1,
    maxFailures: 0,
    patienceSeconds: 60,
  },
  inputs: names.map((name) => stackInput({ server: fixtureServer({ name }), onFailure: 'abort' })),
});
it('several servers, of which the second fails', () => {
  const set = fakes({
    checkBackup: async ({ server: { name } }) => {
      if (name === 'b') throw failing('BACKUP_INVALID');
      return { backup: { id: '20261127T030000Z' }, changes: [], remote: [] };
    },
  });
  return record('fleet', 'fleet', set, end, fleetOf('a', 'b', 'c') as never);
});
it('several servers, of which the rest is given up', () =>
  stage.busy((holder) => {
    const act = async (story: Story) => {
      await pause(1_000);
      await story.handle.cancel();
      await story.handle.result().catch(() => {});
      await holder.terminate();
    };
    return record('fleet-given-up', 'fleet', fakes(), act, fleetOf('a', 'lab', 'c') as never);
  }));
it('a server of several', () => recordInTurn('member', 'member'));
const differing = () =>
  fakes({ survey: async ({ checklist }) => survey(checklist, [plan(`${checklist}.a`, 'drift')]) });
const watching = (overrides: object): RunInput =>
  stackInput({ server: fixtureServer(overrides), onFailure: 'abort' });
it('a monitor', () =>
  record('monitoring', 'monitoring', differing(), end, watching({ role: 'monitor', watched: [] })));
it('a server that is watched', () =>
  record(
    'monitoring-watched',
    'monitoring',
    differing(),
    end,
    watching({ monitoring: { ...fixtureServer().monitoring, monitor: 'watch' } }),
  ));
