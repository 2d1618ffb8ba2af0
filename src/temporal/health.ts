// Whether this worker works, for whoever restarts it when it does not: Docker's health check, say.
import { createServer, type Server } from 'node:http';

/** 200 while `isWell` says so, else 503. On this machine's loopback alone: inside a container nobody else is there. */
export function serveHealth(port: number, isWell: () => boolean): Promise<Server> {
  const server = createServer((_, response) => {
    const well = isWell();
    response
      .writeHead(well ? 200 : 503, { 'content-type': 'text/plain' })
      .end(well ? 'ok\n' : 'not running\n');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Undefined: nobody asks. */
export function healthPort(env: NodeJS.ProcessEnv = process.env): number | undefined {
  const port = Number(env['CLINCHER_HEALTH_PORT']);
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
}
