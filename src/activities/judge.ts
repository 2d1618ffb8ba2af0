// From readings to a verdict on each check: pass, fail, unknown, or not asked for. Pure.
import type {
  AnyCheck,
  CheckResult,
  Command,
  Fact,
  HostContext,
  Judgement,
  Reading,
  Server,
  Vantage,
} from '../model.js';

/** What a command was answered; throws where it could not be asked. */
export type Answers = Readonly<Record<Vantage, (command: Command) => Reading>>;

const isAsked = (check: AnyCheck, server: Server): boolean => check.wanted?.(server) ?? true;

/** What the checks of one vantage read. A check whose facts cannot even be named reads nothing, and is unknown later. */
export function readsOf(checks: readonly AnyCheck[], vantage: Vantage, server: Server): Command[] {
  return checks
    .filter((check) => check.vantage === vantage && isAsked(check, server))
    .flatMap((check) => {
      try {
        return Object.values(check.facts(server) as Record<string, Fact<unknown>>).map(({ read }) => read);
      } catch {
        return [];
      }
    });
}

export function judged(check: AnyCheck, server: Server, host: HostContext, answers: Answers): CheckResult {
  const { id, title, why, source, vantage } = check;
  const about = { id, title, why, source, vantage };
  if (!isAsked(check, server))
    return { ...about, verdict: 'skipped', evidence: ['not asked for by the configuration'], remedy: [] };
  return { ...about, ...judgement(check, server, host, answers) };
}

function judgement(check: AnyCheck, server: Server, host: HostContext, answers: Answers): Judgement {
  try {
    const facts = Object.entries(check.facts(server) as Record<string, Fact<unknown>>);
    const ask = answers[check.vantage];
    const values = facts.map(([name, fact]) => [name, fact.parse(ask(fact.read))] as const);
    return check.judge(Object.fromEntries(values), server, host);
  } catch (error) {
    return unknown((error as Error).message, server);
  }
}

const unknown = (reason: string, { name }: Server): Judgement => ({
  verdict: 'unknown',
  evidence: [reason || 'it could not be read, and does not say why'],
  remedy: [`clincher doctor -s ${name}`, `clincher verify -s ${name}`],
});
