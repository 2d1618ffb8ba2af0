// Judges what trivy knows of an image that runs: critical holes fail, and where nobody could look nothing is known.
import type { KnownHoles } from '../commands/trivy.js';
import type { CheckResult, Judgement, Server } from '../model.js';
import { fail, pass, unknown } from './define.js';

const SHOWN = 6;

function judgement(found: KnownHoles | null | Error, server: Server): Judgement {
  if (found === null)
    return unknown(
      'trivy is not on the server, so nobody has looked',
      'install trivy there: https://trivy.dev',
      'clincher images check --scan (from here)',
    );
  if (found instanceof Error) return unknown(found.message, `clincher run scan-images -s ${server.name}`);
  const { critical, high } = found;
  const also = `${high} that are high besides`;
  if (critical.length === 0) return pass(`no critical hole is known; ${also}`);
  const left = critical.length - SHOWN;
  return fail(
    [...critical.slice(0, SHOWN), ...(left > 0 ? [`and ${left} more`] : []), also],
    `clincher images lock --upgrade, then clincher run upgrade -s ${server.name}`,
  );
}

export const judgeImage = (
  service: string,
  image: string,
  found: KnownHoles | null | Error,
  server: Server,
): CheckResult => ({
  ...{ id: `images.${service}`, title: `No critical hole is known in ${image.replace(/@.*/, '')}` },
  ...{
    why: 'An image that was sound when it was locked is not sound for ever.',
    source: 'guide Step 3 (weekly image scan)',
  },
  ...{ vantage: 'host', ...judgement(found, server) },
});
