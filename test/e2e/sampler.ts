// Samples every process's command line twenty times a second, here or inside a lab host, and keeps each that it saw.
import { spawn } from 'node:child_process';
import type { LabHost } from '../lab/lab.js';

const SAMPLE = `
import os, sys, time
seen, stop = set(), sys.argv[1]
while not os.path.exists(stop):
    for pid in os.listdir('/proc'):
        if not pid.isdigit() or int(pid) == os.getpid(): continue
        try: line = open('/proc/%s/cmdline' % pid, 'rb').read()
        except OSError: continue
        if line not in seen:
            seen.add(line); sys.stdout.buffer.write(line + b'\\n'); sys.stdout.flush()
    time.sleep(0.05)
`;

export interface Sampler {
  /** Everything that was seen, a process a line. */
  stop(): Promise<Buffer>;
}

const MARK = '/tmp/clincher-sampler-stop';

export async function sampleHost(host: LabHost): Promise<Sampler> {
  const running = host.exec(`rm -f ${MARK}; exec python3 - ${MARK}`, { input: SAMPLE, timeoutMs: 1_200_000 });
  return {
    async stop() {
      await host.exec(`touch ${MARK}`);
      return Buffer.from((await running).stdout);
    },
  };
}

/** Where commands are typed and the worker runs. */
export function sampleHere(): Sampler {
  const child = spawn('python3', ['-', '/nonexistent'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(SAMPLE);
  return {
    stop: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve(Buffer.concat(chunks)));
        child.kill();
      }),
  };
}
