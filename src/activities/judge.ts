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

/** What a check and a watch have in common: where and what they read. */
export type Asked = Pick<AnyCheck, 'vantage' | 'wanted' | 'facts'>;

export const isAsked = ({ wanted }: Asked, server: Server): boolean => wanted?.(server) ?? true;

/** What the checks of one vantage read. A check whose facts cannot even be named reads nothing, and is unknown later. */
export function readsOf(checks: readonly Asked[], vantage: Vantage, server: Server): Command[] {
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

/** What it is, whatever it finds. */
export const about = ({ id, title, why, source, vantage }: Omit<AnyCheck, 'judge'>) => ({
  ...{ id, title, why, source, vantage },
});

export function judged(check: AnyCheck, server: Server, host: HostContext, answers: Answers): CheckResult {
  if (!isAsked(check, server))
    return {
      ...about(check),
      verdict: 'skipped',
      evidence: ['not asked for by the configuration'],
      remedy: [],
    };
  return { ...about(check), ...judgement(check, server, host, answers) };
}

/** Throws what keeps one of them from being known. */
export function valuesOf(asked: Asked, server: Server, answers: Answers): Record<string, unknown> {
  const facts = Object.entries(asked.facts(server) as Record<string, Fact<unknown>>);
  const ask = answers[asked.vantage];
  return Object.fromEntries(facts.map(([name, fact]) => [name, fact.parse(ask(fact.read))]));
}

function judgement(check: AnyCheck, server: Server, host: HostContext, answers: Answers): Judgement {
  try {
    return check.judge(valuesOf(check, server, answers), server, host);
  } catch (error) {
    return unknown((error as Error).message, server);
  }
}

const unknown = (reason: string, { name }: Server): Judgement => ({
  verdict: 'unknown',
  evidence: [reason || 'it could not be read, and does not say why'],
  remedy: [`clincher doctor -s ${name}`, `clincher verify -s ${name}`],
});
