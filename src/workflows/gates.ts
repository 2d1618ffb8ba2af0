// Human gates: one mechanism for questions, secrets and failed steps. Bad answers are refused before they enter the history.
import {
  ApplicationFailure,
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { AlertSettings, Diff, Gate, RunState, Server } from '../model.js';
import { local } from './activities.js';
import { answerUpdate, doneSignal, type GateAnswer, type GateReceipt, STATUS_ATTRIBUTE } from './messages.js';
import { iso } from './state.js';

/** What a gate asks; times in milliseconds. */
export interface Question extends Pick<Gate, 'id' | 'kind' | 'title'> {
  instructions?: string[];
  links?: string[];
  options?: string[];
  ref?: string;
  shape?: string;
  remindEveryMs?: number;
  /** After this time without an answer, `onTimeout` is the answer. Absent: waits for as long as it takes. */
  timeoutMs?: number;
  onTimeout?: string;
  note?: string | undefined;
  diff?: Diff | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;
/** Of runs that were started before the configuration said it. */
const TOLD_AFTER_MINUTES = 10;

interface Open {
  view: Gate;
  answer?: GateAnswer;
  /** A secret is being looked at and stored: a second one must not go over it. */
  isTaking?: boolean;
}

export class Gates {
  readonly #open = new Map<string, Open>();
  /** Signals that came before their gate. */
  readonly #early = new Set<string>();

  constructor(
    private readonly state: RunState,
    private readonly server: () => Server,
  ) {
    setHandler(answerUpdate, (answer) => this.#take(answer), {
      description: 'Answer a gate: {gate, value, who}; a secret travels sealed',
      validator: (answer) => this.#refuse(answer),
    });
    setHandler(doneSignal, (gate) => this.#signalled(gate), {
      description: 'A manual step is done: done <gate>',
    });
  }

  /** Opens a gate and waits, for days if need be. The answer, or `onTimeout`. */
  async ask(question: Question): Promise<GateAnswer> {
    const gate: Open = { view: view(question) };
    this.#open.set(question.id, gate);
    if (this.#early.delete(question.id))
      gate.answer = { gate: question.id, value: positive(gate.view), who: 'signal' };
    this.#publish();
    try {
      const answer = await this.#answered(gate, question);
      this.#record(gate.view, answer);
      return answer;
    } finally {
      this.#open.delete(question.id);
      this.#publish();
    }
  }

  /** Who said what stays with the run; what a secret is never stood here. */
  #record({ id, kind, title, openedAt }: Gate, { who, value }: GateAnswer): void {
    const said = kind === 'secret' ? {} : { value };
    const one = { id, kind, title, openedAt, answeredAt: iso(Date.now()), who, ...said };
    this.state.answered = [...(this.state.answered ?? []), one];
  }

  /** The world shows that the step is done: the gate closes by itself. */
  close(id: string, value: string): void {
    const gate = this.#open.get(id);
    if (gate) gate.answer ??= { gate: id, value, who: 'the world' };
  }

  /** The run ends: whatever else waits need not be answered any more. */
  closeAll(value: string): void {
    for (const id of this.#open.keys()) this.close(id, value);
  }

  async #answered(
    gate: Open,
    { remindEveryMs = DAY_MS, timeoutMs, onTimeout }: Question,
  ): Promise<GateAnswer> {
    const deadline = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
    for (let times = 1; ; times += 1) {
      const pause = times === 1 ? Math.min(remindEveryMs, this.#toldAfterMs()) : remindEveryMs;
      const wait = Math.min(pause, deadline - Date.now());
      const inTime = await condition(() => gate.answer !== undefined, wait, {
        summary: `waits for ${gate.view.id}`,
      });
      if (inTime && gate.answer) return gate.answer;
      if (Date.now() >= deadline) return { gate: gate.view.id, value: onTimeout ?? 'abort', who: 'timeout' };
      const { id, kind, title, options, openedAt, note } = gate.view;
      const about = { kind, title, options, openedAt, note };
      await local.remind({ server: this.server(), run: this.state.run, gate: id, ...about, times });
    }
  }

  #toldAfterMs(): number {
    const { gate_minutes = TOLD_AFTER_MINUTES } = (this.server().alerts as Partial<AlertSettings>) ?? {};
    return gate_minutes * MINUTE_MS;
  }

  /** Synchronous on purpose: an async validator would wedge the run. */
  #refuse(answer: GateAnswer): void {
    const open = this.#open.get(answer?.gate);
    if (!open)
      throw refusal(
        'NO_SUCH_GATE',
        `no gate ${answer?.gate} is open; open: ${[...this.#open.keys()].join(', ') || 'none'}`,
      );
    const gate = open.view;
    if (open.answer)
      throw refusal('NO_SUCH_GATE', `${gate.id} was answered a moment ago by ${open.answer.who}`);
    if (open.isTaking)
      throw refusal('ANSWER_INVALID', `${gate.id} is looking at another answer; look again in a moment`);
    if (gate.kind === 'secret' && !answer.sealed)
      throw refusal('ANSWER_INVALID', `${gate.id} wants a sealed secret, not a value`);
    if (gate.kind !== 'secret' && !gate.options.includes(answer.value))
      throw refusal('ANSWER_INVALID', `${gate.id} takes ${gate.options.join(', ')}`);
  }

  async #take(answer: GateAnswer): Promise<GateReceipt> {
    const gate = this.#open.get(answer.gate);
    if (!gate) return { gate: answer.gate, accepted: false, reason: 'the gate is closed already' };
    const reason = gate.view.kind === 'secret' ? await this.#storeOne(gate, answer) : undefined;
    if (reason !== undefined) {
      gate.view.note = reason;
      return { gate: answer.gate, accepted: false, reason };
    }
    gate.answer ??= answer;
    return { gate: answer.gate, accepted: true };
  }

  async #storeOne(gate: Open, answer: GateAnswer): Promise<string | undefined> {
    gate.isTaking = true;
    try {
      return await this.#store(gate.view, answer);
    } finally {
      gate.isTaking = false;
    }
  }

  async #store({ ref, shape }: Gate, { sealed }: GateAnswer): Promise<string | undefined> {
    const result = await local.storeSecret({
      server: this.server(),
      ref: ref ?? '',
      sealed: sealed ?? '',
      shape,
    });
    return result.stored ? undefined : result.reason;
  }

  /** A signal cannot be refused, so one that fits nothing is kept for the gate it names. */
  #signalled(id: string | undefined): void {
    const name =
      id ??
      [...this.#open.values()].find(({ view: { kind } }) => kind === 'done' || kind === 'confirm')?.view.id;
    const gate = name === undefined ? undefined : this.#open.get(name);
    if (gate && gate.view.kind !== 'secret')
      gate.answer ??= { gate: gate.view.id, value: positive(gate.view), who: 'signal' };
    else if (!gate && name !== undefined) this.#early.add(name);
  }

  #publish(): void {
    const gates = [...this.#open.values()].map((gate) => gate.view);
    this.state.gates = gates;
    this.state.status = gates.length > 0 ? 'waiting' : 'running';
    setCurrentDetails(gates.map(markdown).join('\n\n'));
    upsertSearchAttributes([{ key: STATUS_ATTRIBUTE, value: this.state.status }]);
  }
}

/** What `done` means at a gate: the first option (`yes`, `retry`, `done`). */
const positive = ({ options }: Gate): string => options[0] ?? 'done';

const OPTIONS: Record<Gate['kind'], string[]> = {
  confirm: ['yes', 'no'],
  secret: [],
  choice: [],
  failed: ['retry', 'skip', 'abort'],
  done: ['done'],
};

function view(question: Question): Gate {
  const {
    id,
    kind,
    title,
    instructions = [],
    links = [],
    options,
    ref,
    shape,
    timeoutMs,
    onTimeout,
    note,
    diff,
  } = question;
  const deadline =
    timeoutMs === undefined ? {} : { deadline: iso(Date.now() + timeoutMs), onTimeout: onTimeout ?? 'abort' };
  return {
    id,
    kind,
    title,
    instructions,
    links,
    options: options ?? OPTIONS[kind],
    ref,
    shape,
    openedAt: iso(Date.now()),
    note,
    ...(diff === undefined ? {} : { diff }),
    ...deadline,
  };
}

function markdown({ id, title, instructions, links, note }: Gate): string {
  const lines = [
    `**${title}** (\`${id}\`)`,
    ...instructions.map((line, i) => `${i + 1}. ${line}`),
    ...links,
    ...(note ? [note] : []),
  ];
  return lines.join('\n');
}

const refusal = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: true });
