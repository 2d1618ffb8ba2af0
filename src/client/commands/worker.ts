// `clincher worker`: the worker in the foreground, for a Temporal that is there already.
import { spawn } from 'node:child_process';
import { entryWords } from '../../temporal/paths.js';
import type { Command } from '../deps.js';
import { tryConfig } from '../try-config.js';

export const worker: Command<{ metrics?: string }> = async (io, options) => {
  const { applyConfig } = await import('../connect.js');
  applyConfig(tryConfig(io, options), io.env);
  if (options.metrics !== undefined) io.env['CLINCHER_METRICS'] = options.metrics;
  const [node, ...words] = entryWords('worker');
  const child = spawn(node!, words, { stdio: 'inherit', env: io.env });
  // Ctrl-C reaches the child too, which hands its work back before it ends; we wait for that.
  const stop = io.onInterrupt(() => {});
  const stopExit = io.onExit(() => child.kill('SIGTERM'));
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
    });
  } finally {
    stop();
    stopExit();
  }
};
