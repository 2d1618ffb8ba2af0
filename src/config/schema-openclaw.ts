// Keys of OpenClaw itself and of who answers it: `providers`, `models`, `openclaw`, `memory`.
import * as z from 'zod';
import { secretReference, text, webAddress } from './fields.js';
import * as is from './fields-stack.js';

const secret = (what: string) => text(secretReference).optional().describe(what);

export const DEFAULT_PROVIDERS = { anthropic: {}, voyage: {} };

export const providers = () =>
  z.record(
    text(is.providerName),
    z
      .strictObject({
        key: secret('Secret reference to its API key. Default secret://<server>/<provider>_api_key.'),
        secret_key: secret(
          'Secret reference to the second part of its key, where it has two (Baidu Qianfan).',
        ),
        api_base: text(webAddress)
          .optional()
          .describe('Address of its API, for Azure and for servers of your own such as vLLM.'),
      })
      .describe('This provider; `{}` takes the defaults.'),
  );

const model = () =>
  z.strictObject({
    name: text(is.modelName).describe('What OpenClaw calls it, such as anthropic/claude-opus-4-6.'),
    provider: text(is.providerName).describe('A key of `providers`.'),
    id: text(is.modelName).describe('The provider’s own name of it.'),
    budget_usd: z.number().min(0).describe('US dollars a budget period; calls beyond it are refused.'),
    requests_per_minute: z.int().min(1).default(60).describe('Requests a minute. Default 60.'),
    context_window: z.int().min(1024).default(200000).describe('Tokens it can read. Default 200000.'),
    max_tokens: z.int().min(1).default(4096).describe('Tokens of one answer. Default 4096.'),
    fallbacks: z
      .array(text(is.modelName))
      .default([])
      .describe('Models that take over when it fails, in order.'),
  });

const guideModel = (
  id: string,
  budget_usd: number,
  requests_per_minute: number,
  fallbacks: string[] = [],
) => ({
  name: `anthropic/${id}`,
  provider: 'anthropic',
  id,
  budget_usd,
  requests_per_minute,
  fallbacks,
});

/** Guide Step 3: three tiers, their monthly budgets and rates; a dearer one falls back to the next. */
const MODELS = [
  guideModel('claude-opus-4-6', 100, 60, ['anthropic/claude-sonnet-4-6']),
  guideModel('claude-sonnet-4-6', 50, 120, ['anthropic/claude-haiku-4-5-20251001']),
  guideModel('claude-haiku-4-5-20251001', 20, 300),
];

export const models = () =>
  z.strictObject({
    default: text(is.modelName)
      .default('anthropic/claude-opus-4-6')
      .describe(
        'Model that answers people; the strongest resists injection best. Default anthropic/claude-opus-4-6.',
      ),
    heartbeat: text(is.modelName)
      .default('anthropic/claude-haiku-4-5-20251001')
      .describe('Cheap model for heartbeats. Default anthropic/claude-haiku-4-5-20251001.'),
    budget_period: text(is.period)
      .default('30d')
      .describe('Length of a budget period, such as 24h or 30d. Default 30d.'),
    list: z
      .array(model())
      .min(1)
      .prefault(MODELS)
      .describe('The models. Default: Opus, Sonnet and Haiku with the guide’s budgets.'),
  });

const pin = (path: string) =>
  z.strictObject({
    name: text(is.pinName).describe('Its name here; a skill’s own, as in its SKILL.md.'),
    source: text(is.gitSource).describe('The git repository, by https.'),
    commit: text(is.wholeCommit).describe('The commit, all 40 digits; branches and tags can be moved.'),
    path: text(is.repositoryPath).describe(path),
    executables: z
      .boolean()
      .default(false)
      .describe('Whether it may have files that can be started as programs. Default false.'),
    vetted: z
      .strictObject({
        by: text(is.person).describe('Who has read it.'),
        date: text(is.plainDate).describe('When, as 2026-11-27.'),
        sha256: text(is.contentDigest).describe('Of exactly what was read, as the gate shows it.'),
      })
      .optional()
      .describe('Who has read exactly this. Absent: the run asks, and the server keeps the answer.'),
  });

export const openclaw = () =>
  z.strictObject({
    origins: z
      .array(text(is.origin))
      .default([])
      .describe('Browser origins that may use the Control UI. Empty: the proxy’s own address.'),
    sandbox: z
      .enum(['off', 'docker'])
      .default('off')
      .describe(
        '`off`: tools that would need one are denied, and the gateway cannot reach Docker (default); `docker`: containers behind a filtering proxy.',
      ),
    denied_tools: z
      .array(text(is.plainWord))
      .default([])
      .describe('Tools to deny beyond the baseline, by name or group:name.'),
    accepted_findings: z
      .array(
        z.strictObject({
          check: text(is.plainWord).describe('Identifier of the finding, as the audit prints it.'),
          reason: text(is.reason).describe('Why it is meant.'),
        }),
      )
      .default([])
      .describe('Warnings of OpenClaw’s security audit that are known and meant.'),
    rules: z.array(text(is.reason)).default([]).describe('More rules for SOUL.md, a sentence each.'),
    skills: z
      .array(pin('Its folder in the repository, with a SKILL.md; `.` for all of it.'))
      .default([])
      .describe(
        'Skills of others, each one commit. A run asks a person to read each before it reaches the model.',
      ),
    personas: z
      .array(pin('Its file in the repository.'))
      .default([])
      .describe(
        'Texts that say how the agent speaks and works, in every prompt below SOUL.md; vetted as skills are.',
      ),
    bundled_skills: z
      .array(text(is.plainWord))
      .default([])
      .describe('OpenClaw’s own skills that are let in, by name. Default: none.'),
    extra_env: z
      .record(text(is.envName), text(is.envValue))
      .default({})
      .describe('More environment variables of the gateway; a value may be a secret reference.'),
    heartbeat_minutes: z
      .int()
      .min(1)
      .max(1440)
      .default(30)
      .describe('Minutes between heartbeats. Default 30.'),
  });

export const memory = () =>
  z.strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Whether OpenClaw remembers across conversations. Default true.'),
    provider: text(is.providerName)
      .default('voyage')
      .describe('Provider of the embeddings, a key of `providers`. Default voyage.'),
    model: text(is.modelName).default('voyage-3-large').describe('Embedding model. Default voyage-3-large.'),
    max_index_mb: z
      .int()
      .min(10)
      .default(500)
      .describe(
        'Megabytes that the index of the memory may take before it is rebuilt, and `verify` tells it. Default 500.',
      ),
    keep_conversations_days: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe(
        'Conversations that nobody went on with for so many days may go: `run memory` lists them, asks, and has OpenClaw take them out. Default: none goes.',
      ),
  });
