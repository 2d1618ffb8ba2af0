// A proxy that runs as its files say is left alone; the label is computed, so no captured answer can hold it.
import { expect, it } from 'vitest';
import { evaluate } from '../../src/activities/evaluate.js';
import { services } from '../../src/stack/services.js';
import { proxyServices } from '../../src/steps/proxy-services.js';
import { HOST, server } from './fixture.js';

it.each(['caddy', 'tunnel'] as const)('%s that runs as configured has nothing to do', (kind) => {
  const want = server({ proxy: { kind, domain: 'claw.example.com' } });
  const listed = services(want)
    .filter(({ overlay }) => overlay === kind)
    .map(({ container, service, image, part }) => ({
      ...{ Names: [`/${container}`], State: 'running', Status: 'Up 2 minutes (healthy)', Image: image },
      Labels: { 'com.docker.compose.service': service, 'clincher.part': part },
      Created: 1_000,
    }));
  expect(listed).toHaveLength(1);
  const look = (written: string) =>
    evaluate(
      proxyServices,
      want,
      HOST,
      [JSON.stringify(listed), written].map((stdout) => ({ stdout, stderr: '', exitCode: 0 })),
    );
  expect(look('999.5 Caddyfile\n')).toMatchObject({ status: 'ok', changes: [] });
  const late = look('1001.5 Caddyfile\n').changes.map(({ what }) => what);
  expect(late).toEqual(kind === 'tunnel' ? [] : ['start anew: caddy began before its files were written']);
});
