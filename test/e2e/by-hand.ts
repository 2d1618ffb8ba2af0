// One step on a lab host without a run around it: its own facts, plan and commands, for what a checklist reaches too late.
import { CONTEXT, commandsOf, evaluate, parseContext, type Verdict } from '../../src/activities/evaluate.js';
import { render } from '../../src/activities/script.js';
import type { Action, AnyStep, Command, Reading, Server } from '../../src/model.js';
import type { LabHost } from '../lab/lab.js';

export async function look(host: LabHost, step: AnyStep, want: Server): Promise<Verdict> {
  const read = async (command: Command): Promise<Reading> => {
    const { stdout, stderr, code } = await host.exec(render(command));
    return { stdout, stderr, exitCode: code };
  };
  const context = parseContext(await Promise.all(CONTEXT.map(read)), { user: 'root', port: 22 });
  return evaluate(step, want, context, await Promise.all(commandsOf([step], want).map(read)));
}

/** Makes it so; returns what it said it would change. */
export async function make(host: LabHost, step: AnyStep, want: Server): Promise<string[]> {
  const { changes, reason } = await look(host, step, want);
  if (reason) throw new Error(`${step.id}: ${reason}`);
  for (const action of changes.flatMap(({ run }) => run)) await act(host, action);
  return changes.map(({ what }) => what);
}

async function act(host: LabHost, { command, stdin }: Action): Promise<void> {
  const options = { timeoutMs: 120_000, ...(stdin === undefined ? {} : { input: stdin }) };
  const { code, stdout, stderr } = await host.exec(render(command), options);
  if (code !== 0) throw new Error(`${host.name}: ${render(command)}: ${stderr || stdout}`);
}
