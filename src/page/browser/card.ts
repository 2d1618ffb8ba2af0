// In the browser: one gate, what it asks, and the form that answers it. A secret is closed here and wiped from its field.
import { mistakeOf } from '../../secrets/shapes.js';
import type { Answer, Receipt, SeenGate } from '../seen.js';
import { anchor, el } from './dom.js';
import { seal } from './seal.js';

export type Send = (answer: Answer) => Promise<Receipt>;

export const cardKey = ({ run, gate, openedAt }: Pick<SeenGate, 'run' | 'gate' | 'openedAt'>): string =>
  `${run} ${gate} ${openedAt}`;

export function card(gate: SeenGate, send: Send): HTMLElement {
  const { server, runbook, run, title, instructions, links, ref, note, deadline, onTimeout } = gate;
  return el(
    'article',
    {},
    el('h2', { textContent: title }),
    dim(`${server} · ${runbook} · run ${run} · ${gate.gate} · since ${clock(gate.openedAt)}`),
    list('ol', instructions),
    list('ul', links.map(anchor)),
    ref ? dim(`It is stored encrypted as ${ref}, and leaves this browser sealed.`) : undefined,
    note ? dim(`last: ${note}`) : undefined,
    deadline ? dim(`without an answer by ${clock(deadline)}: ${onTimeout ?? 'the run ends'}`) : undefined,
    lines(gate.failure),
    lines(gate.diff),
    form(gate, send),
    el('p', { className: 'dim' }, 'or ', el('code', { textContent: gate.command })),
  );
}

const dim = (textContent: string): HTMLElement => el('p', { className: 'dim', textContent });

const lines = (all: readonly string[] = []): HTMLElement | undefined =>
  all.length === 0 ? undefined : el('pre', { textContent: all.join('\n') });

const list = (tag: 'ol' | 'ul', items: readonly (string | Node)[]): HTMLElement | undefined =>
  items.length === 0 ? undefined : el(tag, {}, ...items.map((item) => el('li', {}, item)));

const clock = (iso: string): string => new Date(iso).toLocaleString();

interface Asked {
  parts: Node[];
  /** What is wrong with it, before anything is sent. */
  mistake(): string | undefined;
  answer(): Promise<Pick<Answer, 'value' | 'sealed'>>;
  wipe(): void;
}

function form(gate: SeenGate, send: Send): HTMLElement {
  const asked = gate.kind === 'secret' ? secret(gate) : words(gate);
  const told = el('p', { className: 'bad', role: 'alert' });
  const button = el('button', { type: 'submit', textContent: 'Send the answer' });
  const submit = async (): Promise<void> => {
    told.textContent = asked.mistake() ?? '';
    if (told.textContent !== '') return;
    button.disabled = true;
    try {
      const { run, gate: id, openedAt } = gate;
      const receipt = await send({ run, gate: id, openedAt, ...(await asked.answer()) });
      if (receipt.accepted) asked.wipe();
      told.textContent = receipt.accepted ? '' : (receipt.reason ?? 'It was not taken.');
    } catch (error) {
      told.textContent = (error as Error).message;
    }
    button.disabled = false;
  };
  const made = el('form', { autocomplete: 'off' }, ...asked.parts, button, told);
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  return made;
}

function words({ words: options, gate, run }: SeenGate): Asked {
  const name = `${run} ${gate}`;
  const all = options.map((value) => el('input', { type: 'radio', name, value }));
  const chosen = (): string => all.find(({ checked }) => checked)?.value ?? '';
  return {
    parts: all.map((input) => el('label', {}, input, input.value)),
    mistake: () => (chosen() === '' ? 'Choose one first.' : undefined),
    answer: async () => ({ value: chosen() }),
    wipe: () => {},
  };
}

function secret({ gate, run, shape, sealTo }: SeenGate): Asked {
  const id = `${run} ${gate}`;
  const field = el('input', { type: 'password', id, autocomplete: 'off', spellcheck: false });
  field.setAttribute('autocapitalize', 'off');
  const shown = el('input', { type: 'checkbox' });
  shown.addEventListener('change', () => {
    field.type = shown.checked ? 'text' : 'password';
  });
  const typed = (): string => field.value.trim();
  return {
    parts: [el('label', { htmlFor: id, textContent: 'Secret' }), field, el('label', {}, shown, 'show it')],
    mistake: () =>
      sealTo === undefined
        ? 'The run has not said yet to which key it is sealed.'
        : mistakeOf(shape, typed()),
    answer: async () => ({ value: '', sealed: await seal(typed(), sealTo!) }),
    wipe: () => {
      field.value = '';
    },
  };
}
