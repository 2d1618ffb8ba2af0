// Whether the gateway can make its sandbox at all: without that every turn fails, and each health check says all is well.
import { throughDoor } from '../commands/openclaw-sandbox.js';
import type { Server } from '../model.js';
import { sandboxImage } from '../stack/docker-door.js';
import { defineCheck, onHost, rerun, runsGateway, unless } from './define.js';

export const sandboxDoor = defineCheck({
  id: 'verify.sandbox-door',
  title: 'The gateway gets its sandbox from Docker, and nothing else',
  why: 'A gateway that cannot start a sandbox answers no message, while it says that it is healthy; one that may ask Docker for more has the host.',
  source: 'docs/adr/0005; https://docs.openclaw.ai/gateway/sandboxing',
  vantage: 'host',
  wanted: (server) => runsGateway(server) && server.openclaw.sandbox === 'docker',
  facts: (server: Server) => ({ door: throughDoor(sandboxImage(server)) }),
  judge: ({ door: { image, everything, said } }, server) =>
    unless(
      [
        ...(image === 0 ? [] : [`the gateway does not see ${sandboxImage(server)}: ${said}`]),
        ...(everything === 0 ? ['the gateway may list every container of the host'] : []),
      ],
      `${sandboxImage(server)} is there for it; a list of all containers is refused`,
      rerun(server, 'stack.*'),
      onHost(server, 'docker logs --tail 20 openclaw-docker-proxy'),
    ),
});
