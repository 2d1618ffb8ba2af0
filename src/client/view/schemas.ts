// The JSON documents as zod schemas: `docs --schema` exports them, and tests hold every document against them.
import * as z from 'zod';
import { ERRORS } from '../../errors.js';
import { backup } from './schemas-kept.js';
import { MORE_SCHEMAS, pairingNow, summary } from './schemas-more.js';
import { REACH_SCHEMAS } from './schemas-reach.js';

const id = (name: string) => z.literal(`clincher.${name}/1`);
const iso = z.iso.datetime();
const counts = z.object({
  ok: z.int(),
  changed: z.int(),
  skipped: z.int(),
  failed: z.int(),
  unreachable: z.int(),
});
const runStatus = z.enum(['running', 'waiting', 'done', 'failed', 'aborted']);
const diff = z.object({ path: z.string(), before: z.string(), after: z.string() });
const change = z.object({ what: z.string(), diff: diff.optional() });
const host = z.object({
  os: z.object({ id: z.string(), version: z.string(), codename: z.string() }),
  arch: z.string(),
  via: z.object({ user: z.string(), port: z.int() }),
});

const error = z.object({
  code: z.string().describe(`One of ${Object.keys(ERRORS).length} codes; clincher docs <code> explains it.`),
  message: z.string(),
  evidence: z.array(z.string()).optional(),
  remedy: z.array(z.string()),
  exitCode: z.int().optional(),
  docs: z.string().optional(),
});

const step = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum([
    'ok',
    'changed',
    'skipped',
    'failed',
    'unreachable',
    'pending',
    'running',
    'waiting',
    'unknown',
  ]),
  startedAt: iso.optional(),
  durationMs: z.number().optional(),
  changes: z.array(change),
  notes: z.array(z.string()),
  error: error.optional(),
});

const gate = z.object({
  id: z.string(),
  kind: z.enum(['confirm', 'secret', 'choice', 'failed', 'done']),
  title: z.string(),
  instructions: z.array(z.string()),
  links: z.array(z.string()),
  options: z.array(z.string()),
  ref: z.string().optional(),
  shape: z.string().optional(),
  openedAt: iso,
  deadline: iso.optional(),
  onTimeout: z.string().optional(),
  note: z.string().optional(),
  diff: z.object({ path: z.string(), before: z.string(), after: z.string() }).optional(),
  run: z.string(),
  server: z.string(),
  answer: z.string().describe('The command that answers it.'),
});

const answered = z.object({
  id: z.string(),
  kind: z.enum(['confirm', 'secret', 'choice', 'failed', 'done']),
  title: z.string(),
  openedAt: iso,
  answeredAt: iso,
  who: z.string().describe('`user@machine`, `signal`, `the world` or `timeout`.'),
  value: z.string().optional().describe('Absent where it was a secret.'),
});

const cause = z.object({
  id: z.string().describe('The answer at the gate that repairs it.'),
  diagnosis: z.string().describe('Which row of docs/troubleshooting.md it is of.'),
  symptom: z.string(),
  title: z.string(),
  weight: z.number().describe('How much of what was seen points to it.'),
  evidence: z.array(z.string()),
  repair: z
    .object({ runbook: z.string(), input: z.record(z.string(), z.unknown()), command: z.string() })
    .optional()
    .describe('Absent: only a person can mend it.'),
  changes: z.array(z.string()).describe('What steps of the repair would change.'),
  byHand: z.array(z.string()).describe('What to look at or to type, besides.'),
});

const history = z.object({ events: z.int(), activities: z.int(), bytes: z.int() });

const run = z.object({
  schema: id('run'),
  run: z.string(),
  server: z.string(),
  runbook: z.string(),
  status: runStatus,
  outcome: counts,
  steps: z.array(step),
  gates: z.array(gate),
  answered: z.array(answered).optional().describe('Gates that are closed, in that order.'),
  error: error.optional(),
  backups: z.array(backup).optional().describe('The one that was made or verified.'),
  phases: z
    .array(z.object({ name: z.string(), ms: z.number(), waitedMs: z.number() }))
    .optional()
    .describe('Of a recovery: how long each part took, and how much of it people took for their answers.'),
  causes: z
    .array(cause)
    .optional()
    .describe('Of a diagnosis: what was found at its last look, likeliest first.'),
  moved: z
    .enum(['begun', 'kept', 'back'])
    .optional()
    .describe('Of a failover: whether the server is where clincher.yaml says since then.'),
  upgrade: z
    .object({
      image: z.string(),
      from: z.string(),
      to: z.string(),
      outcome: z.enum(['begun', 'done', 'rolled-back', 'stuck']),
      downtimeMs: z.number().optional().describe('How long the gateway did not answer, in all.'),
    })
    .optional()
    .describe('Which image gave way to which, and how it ended.'),
  partition: z
    .object({
      name: z.string(),
      act: z.enum(['add', 'remove']),
      outcome: z.enum(['begun', 'done', 'undone', 'stuck']),
      isNew: z.boolean().optional().describe('Nobody had asked for it before.'),
      written: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('Of one that is removed: what stood in clincher.yaml.'),
    })
    .optional()
    .describe('Which partition was added or removed, and how it ended.'),
  discovered: z
    .object({
      found: z.array(
        z.object({
          key: z.array(z.string()),
          value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
          from: z.string(),
        }),
      ),
      unknown: z.array(z.string()),
    })
    .optional()
    .describe('What a host that was set up by hand has.'),
  pairing: pairingNow.optional().describe('Who waited to be let in when the run looked.'),
  address: z.string(),
  who: z.string(),
  startedAt: iso,
  endedAt: iso.optional(),
  remoteMs: z.number().describe('Time spent inside remote commands, milliseconds.'),
  host: host.optional(),
  history: history.optional(),
});

const planStep = z.object({
  id: z.string(),
  title: z.string(),
  why: z.string(),
  status: z.enum(['ok', 'drift', 'unknown', 'skipped']),
  changes: z.array(change),
  notes: z.array(z.string()),
  assumed: z.array(z.string()),
  guarded: z.boolean(),
  after: z.array(z.string()),
  reason: z.string().optional(),
  checklist: z.string(),
  partition: z.string().optional().describe('Of this partition; absent: of the server itself.'),
});

const planned = (name: string) =>
  z.object({
    schema: id(name),
    run: z.string(),
    server: z.string(),
    runbook: z.string(),
    status: runStatus,
    counts: z.object({ ok: z.int(), drift: z.int(), unknown: z.int(), skipped: z.int() }),
    missingSecrets: z.array(z.string()),
    roundTrips: z.int(),
    steps: z.array(planStep),
    error: error.optional(),
    address: z.string(),
    startedAt: iso,
    endedAt: iso.optional(),
    remoteMs: z.number(),
    host: host.optional(),
  });

const checked = z.object({
  id: z.string(),
  title: z.string(),
  why: z.string(),
  source: z.string(),
  vantage: z.enum(['host', 'outside', 'vault']),
  verdict: z.enum(['pass', 'fail', 'unknown', 'skipped']),
  evidence: z.array(z.string()),
  remedy: z.array(z.string()),
});

const health = z.object({
  server: z.string(),
  address: z.string(),
  reach: z.enum(['reachable', 'unreachable', 'unknown']),
  seenAt: iso.optional(),
  drift: z.enum(['none', 'drift', 'unknown']),
  drifted: z.array(z.string()),
  driftAt: iso.optional(),
  last: summary.optional(),
  backup: z
    .object({
      id: z.string(),
      at: iso.describe('When it was begun.'),
      bytes: z.number(),
      verifiedAt: iso
        .optional()
        .describe('When it was last read to its end; absent: never, as far as runs have told.'),
      seenAt: iso.describe(
        'When the run looked that told of it: what the server made since is not known here.',
      ),
    })
    .optional()
    .describe('The newest that a run has told of.'),
  next: z.object({ runbook: z.string(), at: iso }).optional().describe('What its schedules start next.'),
  waiting: z
    .array(summary)
    .describe('What waits until nobody works on it, by hand or by its schedule; longest first.'),
  gates: z.array(gate),
});

const check = z.object({
  id: z.string(),
  server: z.string().optional(),
  status: z.enum(['ok', 'warning', 'failed', 'skipped']),
  text: z.string(),
  fix: z.array(z.string()),
  code: z.string().optional(),
});

const plan = planned('plan');
const verify = planned('verify').extend({
  checkCounts: z.object({ pass: z.int(), fail: z.int(), unknown: z.int(), skipped: z.int() }).optional(),
  checks: z.array(checked).optional(),
  outside: z.string().optional().describe('From where was looked in.'),
});

/** By the name in `clincher.<name>/1`. */
const fleetOpen = z.object({
  run: z.string(),
  runbook: z.string(),
  members: z.array(
    z.object({
      server: z.string(),
      wave: z.number().int().describe('0 is the canary'),
      status: z.enum(['pending', 'running', 'done', 'failed', 'aborted', 'spared']),
      run: z.string().optional(),
    }),
  ),
});

export const SCHEMAS = {
  ...MORE_SCHEMAS,
  ...REACH_SCHEMAS,
  run,
  plan,
  verify,
  results: z.object({
    schema: id('results'),
    results: z.array(z.union([run, plan, verify, MORE_SCHEMAS.render])),
  }),
  gates: z.object({ schema: id('gates'), gates: z.array(gate) }),
  status: z.object({ schema: id('status'), servers: z.array(health), fleets: z.array(fleetOpen) }),
  doctor: z.object({ schema: id('doctor'), ok: z.boolean(), checks: z.array(check) }),
  error: z.object({ schema: id('error'), error, server: z.string().optional() }),
  event: z.looseObject({
    schema: id('event'),
    event: z.enum(['started', 'step', 'gate', 'ended', 'plan', 'verify']),
    run: z.string(),
    server: z.string(),
    at: iso,
    step: step.optional(),
    gate: gate.optional(),
  }),
} as const;

export const jsonSchemas = (): object =>
  Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => [
      `clincher.${name}/1`,
      z.toJSONSchema(schema, { io: 'input' }),
    ]),
  );
