// Knocks at ports from inside a lab host, with plain sockets: what answers, what refuses, what is silent.
import type { LabHost } from '../lab/lab.js';

export type Answer = 'answers' | 'refuses' | 'silent' | `says ${string}`;

export interface Knock {
  to: string;
  port: number;
  /** An address of the knocking host, where it has several. */
  from?: string | undefined;
}

const KNOCK = `
import json, socket, sys
for to, port, source in json.loads(sys.argv[1]):
    family = socket.AF_INET6 if ':' in to else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM); s.settimeout(3)
    try:
        if source: s.bind((source, 0))
        s.connect((to, port))
        answer = 'answers'
        try: answer = 'says ' + s.recv(64).decode().strip() or answer
        except OSError: pass
    except ConnectionRefusedError: answer = 'refuses'
    except OSError: answer = 'silent'
    print(answer); s.close()
`;

export async function knock(host: LabHost, knocks: readonly Knock[]): Promise<Answer[]> {
  const list = JSON.stringify(knocks.map(({ to, port, from }) => [to, port, from ?? null]));
  const { stdout, stderr, code } = await host.exec(`python3 -c "$(cat)" '${list}'`, {
    input: KNOCK,
    timeoutMs: 120_000,
  });
  if (code !== 0) throw new Error(`${host.name} cannot knock: ${stderr}`);
  return stdout.trim().split('\n') as Answer[];
}

const SCAN = `
import errno, json, resource, select, socket, sys, time
to, first, last, source = json.loads(sys.argv[1])
family = socket.AF_INET6 if ':' in to else socket.AF_INET
room = max(100, min(2000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100))
found = {'open': [], 'refused': 0, 'silent': 0}
ports = list(range(first, last + 1))
while ports:
    batch, ports = ports[:room], ports[room:]
    poll, waiting = select.poll(), {}
    for port in batch:
        s = socket.socket(family, socket.SOCK_STREAM); s.setblocking(False)
        if source: s.bind((source, 0))
        s.connect_ex((to, port)); poll.register(s, select.POLLOUT); waiting[s.fileno()] = (s, port)
    until = time.time() + 1.2
    while waiting and time.time() < until:
        for fd, _ in poll.poll(max(0, (until - time.time()) * 1000)):
            s, port = waiting.pop(fd); poll.unregister(fd)
            error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR); s.close()
            if error == 0: found['open'].append(port)
            elif error == errno.ECONNREFUSED: found['refused'] += 1
            else: found['silent'] += 1
    found['silent'] += len(waiting)
    for s, _ in waiting.values(): s.close()
print(json.dumps(found))
`;

export interface Scan {
  open: number[];
  refused: number;
  silent: number;
}

/** Every TCP port in the range, many at a time. */
export async function scan(
  host: LabHost,
  to: string,
  { first = 1, last = 65_535, from }: { first?: number; last?: number; from?: string | undefined } = {},
): Promise<Scan> {
  const { stdout, stderr, code } = await host.exec(
    `python3 -c "$(cat)" '${JSON.stringify([to, first, last, from ?? null])}'`,
    { input: SCAN, timeoutMs: 400_000 },
  );
  if (code !== 0) throw new Error(`${host.name} cannot scan: ${stderr}`);
  return JSON.parse(stdout) as Scan;
}
