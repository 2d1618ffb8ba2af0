// The command that answers a gate from any terminal, complete enough to paste: the terminal, alerts and the page say the same.
import type { Gate } from './model.js';

export type Answerable = Pick<Gate, 'id' | 'kind' | 'options'>;

export function answerCommand(gate: Answerable, { run, server }: { run: string; server: string }): string {
  if (gate.kind === 'failed') return gate.options.map((option) => `clincher ${option} ${run}`).join('  |  ');
  if (gate.kind === 'done') return `clincher signal ${run} done ${gate.id}`;
  const base = `clincher answer ${gate.id} -s ${server}`;
  if (gate.kind === 'secret') return `${base} --secret-file <file>`;
  const options = gate.kind === 'confirm' ? ['yes', 'no'] : gate.options;
  return `${base} ${options.join('|')}`;
}
