// A line on the lab host as root, and how long it took.
import type { Rig } from './rig.js';

export async function onHost(
  { host }: Rig,
  line: string,
  input = '',
  mayFail = false,
): Promise<{ ms: number; code: number | null }> {
  const began = performance.now();
  const { code, stderr } = await host.exec(line, { input, timeoutMs: 600_000 });
  if (code !== 0 && !mayFail)
    throw new Error(`${line.slice(0, 120)}: ended with ${code}: ${stderr.slice(-500)}`);
  return { ms: performance.now() - began, code };
}
