// What a drill of a whole recovery proves besides the checks of a recovery: how much would be lost, how long it took, and that it was silent. Pure.
import type { Spoken } from '../commands/egress-log.js';
import type { CheckResult, DrillRecord, Judgement, Server } from '../model.js';
import { ownDoors } from '../stack/doors.js';
import { egressDomains } from '../stack/egress-acl.js';
import { fail, pass } from './define.js';

/** Guide, Step 13.5: a standby that is staged, and the default of a backup a day. */
const RTO_MS = 15 * 60_000;
const RPO_MS = 24 * 3600_000;

type About = Pick<CheckResult, 'id' | 'title' | 'why'>;

const RPO: About = {
  id: 'dr.rpo',
  title: 'The newest backup is no older than a recovery may lose',
  why: 'What came after it would be gone.',
};

const RTO: About = {
  id: 'dr.rto',
  title: 'From the start to a proved gateway within the time that a staged standby promises',
  why: 'So long nobody would be answered.',
};

const SILENT: About = {
  id: 'dr.silent',
  title: 'What was recovered reached nobody but model providers',
  why: 'A second gateway that polls the bot takes the messages of the one that serves people.',
};

const result = (about: About, judgement: Judgement): CheckResult => ({
  ...about,
  source: 'guide Steps 13.5 and 13.10',
  vantage: 'host',
  ...judgement,
});

export const span = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
};

/** How old the newest backup was, and how long each part took; without `rtoMs` it did not come to its end. */
export function judgeRecovery({ backup, recovery }: DrillRecord, server: Server): CheckResult[] {
  if (recovery === undefined) return [];
  const { rpoMs, rtoMs, phases } = recovery;
  const parts = phases.map(({ name, ms }) => `${name} ${(ms / 1000).toFixed(1)} s`).join(', ');
  if (rpoMs === undefined) return [];
  const age = `${backup} was ${span(rpoMs)} old`;
  return [
    result(
      RPO,
      rpoMs <= RPO_MS
        ? pass(age)
        : fail(
            [`${age}, and may be ${span(RPO_MS)}`],
            `clincher backups ls -s ${server.standby_for ?? server.name}`,
          ),
    ),
    result(RTO, rto(rtoMs, parts, server)),
  ];
}

function rto(rtoMs: number | undefined, parts: string, server: Server): Judgement {
  const logs = `clincher logs @last -s ${server.name}`;
  if (rtoMs === undefined) return fail([`it did not come to a proved gateway; until then: ${parts}`], logs);
  if (rtoMs <= RTO_MS) return pass(`${span(rtoMs)}: ${parts}`);
  return fail([`${span(rtoMs)}, and may be ${span(RTO_MS)}: ${parts}`], logs);
}

/** `server`: as it was recovered, its channels off; `whole`: with them. */
export function judgeSilence(spoken: Spoken, server: Server, whole: Server): CheckResult {
  const providers = new Set(egressDomains(server).map(({ domain }) => domain));
  const reachedBesides = [...spoken.allowed].filter((host) => !providers.has(host));
  const channels = ownDoors({ channels: whole.channels, providers: {} }).map(({ domain }) => domain);
  const wanted = [...spoken.denied].filter((host) => channels.includes(host));
  const wrong = [
    ...reachedBesides.map((host) => `${host} was reached, and is no model provider of this server`),
    ...wanted.map((host) => `it asked for ${host}, which is a channel’s, and was refused`),
  ];
  const reached = [...spoken.allowed].sort().join(', ') || 'nobody';
  return result(
    SILENT,
    wrong.length === 0
      ? pass(`reached: ${reached}; refused: ${spoken.denied.size} others`)
      : fail(wrong, `clincher logs @last -s ${server.name}`),
  );
}
