// The smaller JSON documents: what a command did or found, in a field or two.
import * as z from 'zod';
import { KEPT_SCHEMAS } from './schemas-kept.js';

const id = (name: string) => z.literal(`clincher.${name}/1`);
const iso = z.iso.datetime();

export const summary = z.object({
  run: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  server: z.string(),
  runbook: z.string(),
  status: z.enum(['running', 'waiting', 'done', 'failed', 'aborted']),
  who: z.string(),
  startedAt: iso,
  endedAt: iso.optional(),
  waits: z
    .object({ until: iso.optional() })
    .optional()
    .describe('It has not begun: it waits for its turn, at the longest until then.'),
});

export const pairingNow = z.object({
  requests: z.array(
    z.object({
      id: z.string().describe('`clincher pairing approve` takes it.'),
      kind: z.enum(['person', 'device']),
      channel: z.string(),
      subject: z.string().describe('Who is let in: a sender’s id at the channel, or a device’s id.'),
      name: z.string().describe('What they call themselves; nobody has checked it.'),
      asks: z.array(z.string()),
      requestedAt: iso,
      expiresAt: iso,
    }),
  ),
  pairedDevices: z.array(z.string()).describe('Ids of devices that may operate the gateway.'),
  unknown: z.array(z.string()).describe('What could not be asked.'),
});

const step = z.object({
  id: z.string(),
  title: z.string(),
  why: z.string(),
  source: z.string(),
  guarded: z.boolean(),
  wanted: z.boolean().optional().describe('With --server: whether its configuration asks for the step.'),
});

const runbook = z.object({
  name: z.string(),
  title: z.string(),
  mutating: z.boolean(),
  danger: z.enum(['none', 'ask', 'severe']),
  checklists: z.array(z.string()),
  only: z.string().optional().describe('Of its checklists, only these steps.'),
  besides: z.string().optional().describe('What it does besides its checklists.'),
  lists: z.literal(true).optional().describe('Its plan is a list of things that will be gone.'),
  keepsState: z.literal(true).optional().describe('What a plan saw before it still holds after it.'),
  followed: z.literal(true).optional().describe('It only looks, and is started by `run` all the same.'),
  lockless: z.literal(true).optional().describe('It takes no lock: it begins runs that do.'),
  needsGateway: z.literal(true).optional().describe('Only of servers that run a gateway.'),
  needsStandIn: z.literal(true).optional().describe('Only of a standby that takes a primary’s place.'),
});

const problem = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  path: z.string(),
  sentence: z.string(),
  frame: z.array(z.string()),
});

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const signature = z.string().describe('verified, unsigned, `refused: …` or `not checked: …`.').optional();

export const MORE_SCHEMAS = {
  ...KEPT_SCHEMAS,
  started: z.object({
    schema: id('started'),
    runs: z.array(summary.pick({ run: true, workflowId: true, runId: true, waits: true })),
  }),
  runs: z.object({ schema: id('runs'), runs: z.array(summary) }),
  answer: z.object({
    schema: id('answer'),
    run: z.string(),
    gate: z.string(),
    accepted: z.boolean(),
    value: z.string().optional(),
    note: z.string().optional(),
  }),
  signal: z.object({
    schema: id('signal'),
    run: z.string(),
    signal: z.literal('done'),
    gate: z.string().optional(),
  }),
  abort: z.object({ schema: id('abort'), run: z.string(), ended: z.literal(false) }),
  lock: z.object({
    schema: id('lock'),
    servers: z.array(
      z.object({
        server: z.string(),
        holder: summary.optional(),
        waiting: z.array(summary).optional().describe('Who waits for it; longest first.'),
        released: z.string().optional().describe('The run that was ended.'),
      }),
    ),
  }),
  pairing: z.object({
    schema: id('pairing'),
    servers: z.array(
      pairingNow.extend({
        server: z.string(),
        partition: z.string().optional().describe('Whose gateway; absent: the server’s own.'),
      }),
    ),
  }),
  egress: z.object({
    schema: id('egress'),
    servers: z.array(
      z.object({
        server: z.string(),
        domains: z.array(
          z.object({
            domain: z.string(),
            kind: z.enum(['needed', 'extra']),
            reasons: z
              .array(z.string())
              .describe('Which provider or channel needs it, or why it was asked for.'),
            owner: z.string().optional(),
            expires: z.string().optional().describe('A day, all of it, or a moment; UTC.'),
            endsAt: iso.optional().describe('The moment that this means.'),
            isOpen: z.boolean().describe('False: it has expired, and is shut.'),
          }),
        ),
      }),
    ),
  }),
  'audit-export': z.object({
    schema: id('audit-export'),
    file: z.string(),
    runs: z.int(),
    hostLines: z.int().describe('Of servers’ own logs.'),
    unread: z
      .array(z.object({ server: z.string(), code: z.string(), message: z.string() }))
      .describe('Servers whose own log could not be read; the export says so too.'),
    head: z.string().describe('Hash of the last line that is signed.'),
    publicKey: z.string().describe('Ed25519, SPKI in DER, base64.'),
    fingerprint: z.string(),
  }),
  'audit-verify': z.object({
    schema: id('audit-verify'),
    file: z.string(),
    count: z.int(),
    runs: z.int(),
    hostLines: z.int(),
    unread: z.int(),
    fingerprint: z.string(),
    isKeyKnown: z.boolean().describe('Whether it was compared with --key.'),
    servers: z.array(z.string()),
    from: z.string().describe('Empty: from the beginning.'),
    to: iso,
    exportedBy: z.string(),
    version: z.string(),
  }),
  schedules: z.object({
    schema: id('schedules'),
    schedules: z.array(
      z.object({
        id: z.string(),
        server: z.string(),
        runbook: z.string(),
        cron: z.string(),
        timezone: z.string(),
        owner: z.string().optional(),
        paused: z.boolean(),
        note: z.string(),
        next: iso.optional(),
        last: iso.optional(),
        missed: z.number().describe('Not made up for: the control plane was away too long.'),
        isCurrent: z.boolean().describe('It is what clincher.yaml says.'),
      }),
    ),
    missing: z.array(z.string()).describe('Wanted by clincher.yaml, and not made yet.'),
  }),
  'schedule-sync': z.object({
    schema: id('schedule-sync'),
    created: z.array(z.string()),
    updated: z.array(z.string()),
    removed: z.array(z.string()),
    kept: z.array(z.string()),
  }),
  log: z.object({ schema: id('log'), step: z.string(), line: z.string() }),
  steps: z.object({
    schema: id('steps'),
    server: z.string().optional(),
    checklists: z.array(z.object({ id: z.string(), title: z.string(), steps: z.array(step) })),
  }),
  runbooks: z.object({ schema: id('runbooks'), runbooks: z.array(runbook) }),
  docs: z.object({
    schema: id('docs'),
    about: z.string(),
    title: z.string(),
    text: z.array(z.string()),
    facts: z.record(z.string(), z.string()),
  }),
  ui: z.object({ schema: id('ui'), url: z.string() }),
  page: z.object({ schema: id('page'), url: z.string(), gate: z.string().optional() }),
  up: z.looseObject({
    schema: id('up'),
    kind: z.enum(['embedded', 'external']),
    address: z.string(),
    namespace: z.string(),
    uiUrl: z.string().optional(),
    codecUrl: z.string().optional(),
    source: z.string(),
  }),
  down: z.object({ schema: id('down'), stopped: z.boolean() }),
  config: z.looseObject({
    schema: id('config'),
    path: z.string(),
    servers: z.record(z.string(), z.unknown()),
  }),
  'config-check': z.object({
    schema: id('config-check'),
    valid: z.boolean(),
    path: z.string().optional(),
    servers: z.array(z.string()).optional(),
    problems: z.array(problem),
  }),
  init: z.looseObject({ schema: id('init') }),
  'adopt-host': z.object({
    schema: id('adopt-host'),
    path: z.string(),
    server: z.string(),
    settings: z.array(z.object({ key: z.string(), from: z.string() })).describe('As the host has them.'),
    left: z
      .array(z.object({ name: z.string(), place: z.string(), why: z.string() }))
      .describe('What the host has and no configuration may say.'),
    unknown: z.array(z.string()).describe('What could not be read.'),
    vault: z.string(),
    identity: z.string(),
    made: z.array(z.string()),
  }),
  'import-ansible': z.object({
    schema: id('import-ansible'),
    path: z.string(),
    servers: z.array(z.string()),
    settings: z.int().describe('How many were carried over.'),
    left: z
      .array(z.object({ name: z.string(), place: z.string(), why: z.string() }))
      .describe('What was not carried over: the variable, its file and line, the reason.'),
    vault: z.string(),
    stored: z.array(z.string()).describe('Secrets that are in the vault now.'),
    kept: z.array(z.string()).describe('Secrets that the vault had already.'),
    made: z.array(z.string()).describe('Internal secrets that were missing.'),
  }),
  secrets: z.looseObject({
    schema: id('secrets'),
    vault: z.string(),
    secrets: z.array(z.looseObject({ ref: z.string() })),
  }),
  'secrets-set': z.looseObject({ schema: id('secrets-set') }),
  'secrets-rm': z.object({ schema: id('secrets-rm'), ref: z.string(), removed: z.literal(true) }),
  'secrets-generate': z.object({ schema: id('secrets-generate'), generated: z.array(z.string()) }),
  'secrets-import': z.looseObject({ schema: id('secrets-import') }),
  'images-lock': z.object({
    schema: id('images-lock'),
    file: z.string(),
    images: z.array(
      z.object({
        image: z.string(),
        action: z.enum(['kept', 'locked', 'changed']),
        digest,
        previous: digest.optional(),
        platforms: z.array(z.string()),
        signature,
      }),
    ),
    dropped: z.array(z.string()).describe('Images that no server needs any more.'),
    notes: z.array(z.string()),
  }),
  'images-check': z.object({
    schema: id('images-check'),
    file: z.string(),
    ok: z.boolean(),
    images: z.array(
      z.object({
        image: z.string(),
        state: z.enum(['ok', 'moved', 'not-locked', 'stale', 'gone', 'distrusted', 'unknown']),
        servers: z.array(z.string()),
        digest: digest.optional(),
        tagDigest: digest.optional().describe('What the tag means by now, when that is something else.'),
        signature,
        reason: z.string().optional().describe('Why it is unknown.'),
      }),
    ),
    notes: z.array(z.string()),
  }),
  render: z.object({
    schema: id('render'),
    server: z.string(),
    folder: z.string(),
    system: z.string().describe('The system that the files are for, such as debian13.'),
    ok: z.boolean().describe('No tool has anything against its file, and every step could be planned.'),
    counts: z.object({ files: z.int(), ok: z.int(), fails: z.int(), 'not-checked': z.int() }),
    files: z.array(
      z.object({
        path: z.string(),
        mode: z.string(),
        owner: z.string(),
        group: z.string(),
        step: z.string(),
      }),
    ),
    checks: z.array(
      z.object({
        tool: z.string(),
        files: z.array(z.string()),
        verdict: z.enum(['ok', 'fails', 'not-checked']),
        lines: z.array(z.string()),
        reason: z.string().optional().describe('Why nothing was checked, or how to get the tool.'),
      }),
    ),
    unjudged: z.array(z.string()).describe('Files that no tool judges.'),
    unplanned: z.array(z.object({ step: z.string(), reason: z.string() })),
  }),
  'images-sbom': z.object({
    schema: id('images-sbom'),
    sboms: z.array(z.object({ image: z.string(), digest, path: z.string() })),
  }),
} as const;
