// A container on a provisioned host that publishes ports, made from the host's own Python since no registry is needed for it.
import type { LabHost } from '../lab/lab.js';

const SERVER = `
import socket, threading
def serve(port):
    s = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
    while True:
        c, _ = s.accept(); c.sendall(("container %d" % port).encode()); c.close()
for port in PORTS: threading.Thread(target=serve, args=(port,)).start()
`;

const IMAGE = `set -e; p=$(readlink -f /usr/bin/python3)
{ echo "$p"; ldd "$p" | grep -o '/[^ ]*'; find /usr/lib/python3.[0-9]* -type f ! -name '*.pyc'; } | tar -C / -ch -T - 2>/dev/null | docker import -c "ENTRYPOINT [\\"$p\\"]" - web`;

/** An image \`web\` on the host that runs a Python program. */
export const pythonImage = (host: LabHost): Promise<string> => must(host, IMAGE);

/** Answers \`container PORT\` on every port. */
export async function publish(host: LabHost, ports: readonly number[]): Promise<void> {
  const words = ports.map((port) => `-p ${port}:${port}`).join(' ');
  const server = SERVER.replace('PORTS', `[${ports.join(', ')}]`);
  await pythonImage(host);
  await must(host, `docker run -d --name web ${words} web -c "$(cat)"`, server);
  const up =
    'n=0; until docker logs web 2>&1 && bash -c "</dev/tcp/127.0.0.1/80"; do n=$((n+1)); [ $n -gt 50 ] && exit 1; sleep 0.2; done';
  await must(host, up);
}

export async function must(host: LabHost, line: string, input?: string): Promise<string> {
  const { code, stdout, stderr } = await host.exec(line, {
    timeoutMs: 120_000,
    ...(input === undefined ? {} : { input }),
  });
  if (code !== 0) throw new Error(`${host.name}: ${line.split('\n')[0]}: ${stderr || stdout}`);
  return stdout;
}
