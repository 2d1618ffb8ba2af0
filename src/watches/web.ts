// The server under its public name, as strangers see it: that the gateway answers them at all, and for how long its certificate still holds.

import { webOf } from '../checks/facts.js';
import { hasWeb, isRefused } from '../checks/outside.js';
import { type OutsideNow, outsideNow } from '../commands/outside.js';
import type { Server, Symptom } from '../model.js';
import { defineWatch, seen } from './define.js';

const DAY_MS = 24 * 3600 * 1000;

/** The name alone: knocking at every port each five minutes would be a scan. */
const facts = (server: Server) => ({
  now: outsideNow({ address: server.address, ports: [], web: webOf(server) }),
});

const symptom = (level: Symptom['level'], text: string, { name }: Server, looks: number): Symptom => ({
  ...{ about: '', level, text, looks },
  remedy: [`clincher verify -s ${name} --only 'exposed.*'`, `clincher doctor -s ${name}`],
});

function trouble({ anonymous: said }: OutsideNow, server: Server): Symptom | undefined {
  const { domain = '' } = server.proxy;
  if (said === undefined || 'error' in said)
    return symptom('critical', `${domain} does not answer: ${said?.error ?? 'nothing was asked'}`, server, 2);
  if (isRefused(said.status, server)) return undefined;
  return symptom('critical', `${domain} answers strangers with ${said.status}`, server, 2);
}

export const web = defineWatch({
  id: 'watch.web',
  title: 'The gateway answers under its public name, and turns strangers away',
  why: 'A host that is well behind a name that leads nowhere is down for everybody else.',
  source: 'guide Step 13.4 (external health check: 401 is alive)',
  vantage: 'outside',
  wanted: hasWeb,
  facts,
  judge: ({ now }, server) => seen([trouble(now, server)], 'strangers are turned away'),
});

/** A short-lived one, as of an authority of one's own, is renewed within hours: there only its end counts. */
const isShortLived = ({ proxy }: Server): boolean => proxy.kind === 'caddy' && proxy.tls !== 'acme';

function ending(until: string, server: Server, nowMs: number): Symptom | undefined {
  const days = (Date.parse(until) - nowMs) / DAY_MS;
  if (Number.isNaN(days)) throw new Error(`the certificate ends "${until}"`);
  if (days <= 0) return symptom('critical', `its certificate ended ${until}`, server, 1);
  if (isShortLived(server) || days > server.watchdog.certificate_days) return undefined;
  return symptom('warning', `its certificate ends ${until} and was not renewed`, server, 1);
}

export const certificate = defineWatch({
  id: 'watch.certificate',
  title: 'The certificate is renewed before it ends',
  why: 'Renewal fails silently for weeks, and then everybody is locked out in the same minute.',
  source: 'guide Step 9; https://letsencrypt.org/docs/integration-guide/#when-to-renew',
  vantage: 'outside',
  wanted: hasWeb,
  facts,
  judge({ now: { certificate: found } }, server, { nowMs }) {
    // That it cannot be reached is told by watch.web.
    if (found === undefined || 'error' in found) throw new Error(found?.error ?? 'nothing was asked');
    return seen([ending(found.until, server, nowMs)], `until ${found.until}`);
  },
});
