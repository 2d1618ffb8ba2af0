// Checks by OpenClaw's own words: its security audit, the plugins that it loaded, where it runs tools.
import { audit as auditFact, type Finding, plugins as pluginsFact } from '../commands/openclaw.js';
import { sandboxPolicy } from '../commands/openclaw-sandbox.js';
import type { Server } from '../model.js';
import { MEANT_FINDINGS } from '../stack/openclaw-findings.js';
import { defineCheck, fail, pass, rerun, runsGateway, unless } from './define.js';
import { settingOf } from './denied-tools.js';
import { within } from './facts.js';

/** Seconds on an idle host; several times that on a small one that is busy. */
const PATIENCE_SECONDS = 240;

const named = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, checkId, title }) => `${severity} ${checkId}: ${title}`);

interface Accepted {
  check: string;
  reason: string;
  /** Of clincher itself: the reason lies in how it sets things up. */
  isOurs: boolean;
}

/** What a person accepted comes first: the reason is theirs, also for what clincher would accept by itself. */
function accepted({ openclaw }: Server): Accepted[] {
  const theirs = openclaw.accepted_findings.map((each) => ({ ...each, isOurs: false }));
  const ours = MEANT_FINDINGS.filter(({ check }) => !theirs.some((each) => each.check === check));
  return [...theirs, ...ours.map((each) => ({ ...each, isOurs: true }))];
}

/** An acceptance that outlives its finding would hide the next one of that name. */
function noteOf({ check, reason, isOurs }: Accepted, findings: readonly Finding[]): string[] {
  const found = findings.find(({ checkId }) => checkId === check);
  if (found !== undefined)
    return [`accepted${isOurs ? ' by clincher' : ''}: ${found.severity} ${check}: ${reason}`];
  return isOurs ? [] : [`${check} is accepted and does not occur: take it out of openclaw.accepted_findings`];
}

const counted = (warnings: number): string => `${warnings || 'no'} warning${warnings === 1 ? '' : 's'}`;

export const audit = defineCheck({
  id: 'verify.audit',
  title: 'OpenClaw’s own security audit has no critical finding',
  why: 'It knows dangers of its version that no list of ours can know. It ends with 0 whatever it finds, so that nobody notices.',
  source: 'guide Step 10, pre-launch 1; https://docs.openclaw.ai/gateway/security',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ findings: within(PATIENCE_SECONDS, auditFact) }),
  judge({ findings }, server) {
    const known = accepted(server);
    const open = findings.filter(({ checkId }) => !known.some(({ check }) => check === checkId));
    const critical = open.filter(({ severity }) => severity === 'critical');
    const warnings = open.filter(({ severity }) => severity === 'warn');
    const notes = known.flatMap((each) => noteOf(each, findings));
    if (critical.length > 0)
      return fail(
        [...named(critical), ...named(warnings), ...notes],
        rerun(server, 'openclaw.*'),
        'or accept it with a reason: openclaw.accepted_findings in clincher.yaml',
      );
    return pass(`no critical finding, ${counted(warnings.length)}`, ...named(warnings), ...notes);
  },
});

export const plugins = defineCheck({
  id: 'verify.plugins',
  title: 'Only the plugins that were allowed are loaded',
  why: 'A plugin runs inside the gateway with all that it may do. An empty list of allowed ones allows every one.',
  source: 'guide Step 5; https://docs.openclaw.ai/tools/plugin',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ plugins: within(PATIENCE_SECONDS, pluginsFact) }),
  judge({ plugins: found }, server) {
    const allowed = (settingOf(server, 'plugins.allow') ?? []) as string[];
    const loaded = found.filter(({ status }) => status === 'loaded').map(({ id }) => id);
    const broken = found.filter(({ id, status }) => status === 'error' && allowed.includes(id));
    return unless(
      [
        ...loaded.filter((id) => !allowed.includes(id)).map((id) => `${id} is loaded and not allowed`),
        ...broken.map(({ id, error }) => `${id} does not load: ${error ?? 'it does not say why'}`),
      ],
      `loaded: ${loaded.join(', ') || 'none'}`,
      rerun(server, 'openclaw.*'),
    );
  },
});

function unsafe(mode: string, access: string, isElevated: boolean, server: Server): string[] {
  const want = server.openclaw.sandbox === 'docker' ? 'all' : 'off';
  return [
    ...(mode === want ? [] : [`sandbox mode is ${mode}, should be ${want}`]),
    ...(want === 'off' || access === 'none' ? [] : [`the sandbox sees the workspace: ${access}`]),
    ...(isElevated ? ['tools may leave the sandbox: tools.elevated is on'] : []),
  ];
}

export const sandbox = defineCheck({
  id: 'verify.sandbox',
  title: 'Tools run where the configuration says, or not at all',
  why: 'Outside of its sandbox a tool has the gateway’s tokens and state before it.',
  source: 'guide Step 10, pre-launch 7; https://docs.openclaw.ai/gateway/sandboxing',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ policy: within(PATIENCE_SECONDS, sandboxPolicy) }),
  judge: ({ policy: { mode, workspaceAccess, isElevated } }, server) =>
    unless(
      unsafe(mode, workspaceAccess, isElevated, server),
      `sandbox mode ${mode}, elevated tools off`,
      rerun(server, 'openclaw.*'),
    ),
});
